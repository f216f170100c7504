import Transfer

/// Writes one line of the log into one buffer, field by field.
struct FieldWriter {
    private let format: LogFormat
    /// What is done with each text before it is written.
    private let redact: (String) -> String
    private var bytes: [UInt8] = []

    init(format: LogFormat, redact: @escaping (String) -> String) {
        self.format = format
        self.redact = redact
        bytes.reserveCapacity(512)
    }

    mutating func begin(_ time: WallTime, _ level: StaticString, _ message: String, _ process: ProcessFields) {
        switch format {
        case .json:
            append("{\"time\":\"")
            time.appendRFC3339(to: &bytes)
            append("\",\"level\":\"")
            append(level)
            append("\",\"msg\":")
            JSONText.append(redact(message), to: &bytes)
            bytes += process.json
        case .text:
            time.appendTimeOfDay(to: &bytes)
            append(" ")
            append(level)
            append(" ")
            JSONText.appendEscaped(redact(message), to: &bytes)
        }
    }

    mutating func end() -> [UInt8] {
        append(format == .json ? "}\n" : "\n")
        return bytes
    }

    /// Appends a field of a name that needs no escaping.
    mutating func append(_ name: StaticString, text: String) {
        appendName(name)
        appendValue(text)
    }

    /// Appends a field of a name that needs no escaping.
    mutating func append(_ name: StaticString, number: UInt64) {
        appendName(name)
        bytes.appendDigits(of: number)
    }

    mutating func append(_ field: LogField) {
        switch format {
        case .json:
            append(",")
            let name = ProcessFields.reserved.contains(field.name) ? "field.\(field.name)" : field.name
            JSONText.append(redact(name), to: &bytes)
            append(":")
        case .text:
            append(" ")
            JSONText.appendEscaped(redact(field.name), to: &bytes)
            append("=")
        }
        if case .text(let text) = field.value {
            appendValue(text)
        } else {
            appendJSON(field.value)
        }
    }

    private mutating func append(_ text: StaticString) {
        bytes += UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    private mutating func appendName(_ name: StaticString) {
        switch format {
        case .json:
            append(",\"")
            append(name)
            append("\":")
        case .text:
            append(" ")
            append(name)
            append("=")
        }
    }

    private mutating func appendValue(_ text: String) {
        let shown = redact(text)
        if format == .text && Self.isBare(shown) {
            bytes += shown.utf8
        } else {
            JSONText.append(shown, to: &bytes)
        }
    }

    private mutating func appendJSON(_ value: LogValue) {
        switch value {
        case .text(let text): JSONText.append(redact(text), to: &bytes)
        case .number(let number): bytes += number.utf8
        case .flag(let flag): append(flag ? "true" : "false")
        case .list(let values):
            append("[")
            for (index, value) in values.enumerated() {
                if index > 0 { append(",") }
                appendJSON(value)
            }
            append("]")
        case .object(let fields):
            append("{")
            for (index, field) in fields.enumerated() {
                if index > 0 { append(",") }
                JSONText.append(redact(field.name), to: &bytes)
                append(":")
                appendJSON(field.value)
            }
            append("}")
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
