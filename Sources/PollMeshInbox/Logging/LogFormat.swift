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
    /// - Parameter redactor: looks through each text and cuts it; `nil` to write texts as they are.
    func line(
        _ record: LogRecord,
        _ process: ProcessFields = ProcessFields(),
        redactor: Redactor? = nil
    ) -> [UInt8] {
        var writer = FieldWriter(format: self, redactor: redactor)
        write(record, process, to: &writer)
        return writer.end()
    }

    func write(_ record: LogRecord, _ process: ProcessFields, to writer: inout FieldWriter) {
        writer.begin(record.time, record.level.logName, record.message, process)
        for field in self == .text ? Self.forPeople(record.fields) : record.fields { writer.append(field) }
    }

    /// What happened and what to do stand first.
    private static func forPeople(_ fields: [LogField]) -> [LogField] {
        let first = ["error.message", "error.advice"]
        return first.flatMap { name in fields.filter { $0.name == name } } + fields.filter { !first.contains($0.name) }
    }
}
