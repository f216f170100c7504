import Transfer

/// How a line of the log looks.
package enum LogFormat: String, Sendable, CaseIterable {
    /// One object: `time`, `level`, `msg`, the fields of the process, then the record's own.
    case json
    /// `HH:mm:ss LEVEL msg key=value …`, for people.
    case text
}

/// What every JSON line says of the process that wrote it, made once.
package struct ProcessFields: Sendable {
    /// The names that every JSON line has by itself; a field of such a name is written with `field.` before it.
    static let reserved: Set<String> = ["time", "level", "msg", "service.name", "service.version", "run.id"]

    /// The fields as they stand in an object, a comma before each.
    let json: [UInt8]

    /// - Parameter runID: tells the lines of this run from those of every other one.
    package init(runID: String? = nil) {
        var json = Array(",\"service.name\":\"\(Product.name)\",\"service.version\":\"\(Product.version)\"".utf8)
        if let runID {
            json += ",\"run.id\":".utf8
            JSONText.append(runID, to: &json)
        }
        self.json = json
    }
}

extension LogFormat {
    /// The line, with its line feed.
    /// - Parameter redact: what is done with each text before it is written.
    func line(
        _ record: LogRecord,
        _ process: ProcessFields = ProcessFields(),
        redact: @escaping (String) -> String = { $0 }
    ) -> [UInt8] {
        line(record.time, record.level.logName, record.message, process, redact: redact) { fields in
            for field in record.fields { fields.append(field) }
        }
    }

    /// The line, with its line feed, its fields written straight into it.
    func line(
        _ time: WallTime,
        _ level: StaticString,
        _ message: String,
        _ process: ProcessFields,
        redact: @escaping (String) -> String = { $0 },
        fields: (inout FieldWriter) -> Void
    ) -> [UInt8] {
        var writer = FieldWriter(format: self, redact: redact)
        writer.begin(time, level, message, process)
        fields(&writer)
        return writer.end()
    }
}
