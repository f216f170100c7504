import Transfer

/// How a line of the log looks.
package enum LogFormat: String, Sendable, CaseIterable {
    /// One object: `time`, `level`, `msg`, the fields of the process, then the record's own.
    case json
    /// `HH:mm:ss LEVEL msg key=value …`, for people.
    case text
}

extension LogFormat {
    /// The names that every JSON line has by itself; a field of such a name is written with `field.` before it.
    private static let reserved: Set<String> = ["time", "level", "msg", "service.name", "service.version"]

    /// The line, with its line feed.
    /// - Parameter redact: what is done with each text before it is written.
    func line(_ record: LogRecord, redact: (String) -> String = { $0 }) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        switch self {
        case .json: Self.appendJSON(record, redact: redact, to: &bytes)
        case .text: Self.appendText(record, redact: redact, to: &bytes)
        }
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    private static func appendJSON(_ record: LogRecord, redact: (String) -> String, to bytes: inout [UInt8]) {
        bytes += "{\"time\":\"".utf8
        record.time.appendRFC3339(to: &bytes)
        bytes += "\",\"level\":\"".utf8
        bytes += record.level.logName.utf8
        bytes += "\",\"msg\":".utf8
        JSONText.append(redact(record.message), to: &bytes)
        bytes += ",\"service.name\":\"\(Product.name)\",\"service.version\":\"\(Product.version)\"".utf8
        for field in record.fields {
            bytes.append(UInt8(ascii: ","))
            let name = reserved.contains(field.name) ? "field.\(field.name)" : field.name
            JSONText.append(redact(name), to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            append(field.value, redact: redact, to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private static func appendText(_ record: LogRecord, redact: (String) -> String, to bytes: inout [UInt8]) {
        record.time.appendTimeOfDay(to: &bytes)
        bytes.append(UInt8(ascii: " "))
        bytes += record.level.logName.utf8
        bytes.append(UInt8(ascii: " "))
        JSONText.appendEscaped(redact(record.message), to: &bytes)
        for field in record.fields {
            bytes.append(UInt8(ascii: " "))
            JSONText.appendEscaped(redact(field.name), to: &bytes)
            bytes.append(UInt8(ascii: "="))
            if case .text(let text) = field.value {
                let shown = redact(text)
                if isBare(shown) {
                    bytes += shown.utf8
                } else {
                    JSONText.append(shown, to: &bytes)
                }
            } else {
                append(field.value, redact: redact, to: &bytes)
            }
        }
    }

    private static func append(_ value: LogValue, redact: (String) -> String, to bytes: inout [UInt8]) {
        switch value {
        case .text(let text): JSONText.append(redact(text), to: &bytes)
        case .number(let number): bytes += number.utf8
        case .flag(let flag): bytes += (flag ? "true" : "false").utf8
        case .list(let values):
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 {
                    bytes.append(UInt8(ascii: ","))
                }
                append(value, redact: redact, to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let fields):
            bytes.append(UInt8(ascii: "{"))
            for (index, field) in fields.enumerated() {
                if index > 0 {
                    bytes.append(UInt8(ascii: ","))
                }
                JSONText.append(redact(field.name), to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                append(field.value, redact: redact, to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    /// Whether a text needs no quotation marks to be told from what is around it.
    private static func isBare(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (0x21...0x7e).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "=")
                    && byte != UInt8(ascii: "\\")
            }
    }
}
