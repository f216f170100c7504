package import Logging
import Transfer

/// Where the lines of the log go, and how they look. Loggers are made from it; no global state is involved.
package struct LogStream: Sendable {
    let format: LogFormat
    let redactor: Redactor
    let writer: LineWriter
    let process: ProcessFields
    let now: @Sendable () -> WallTime
    /// The failures that a line for people told already.
    let told = ToldFailures()

    package init(
        format: LogFormat,
        redactor: Redactor,
        writer: LineWriter,
        process: ProcessFields = ProcessFields(),
        now: @escaping @Sendable () -> WallTime = WallTime.now
    ) {
        self.format = format
        self.redactor = redactor
        self.writer = writer
        self.process = process
        self.now = now
    }

    /// A logger that writes here.
    package func logger(level: Logger.Level) -> Logger {
        Logger(label: Product.name) { _ in StreamHandler(stream: self, logLevel: level) }
    }

    func record(_ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata) -> LogRecord {
        LogRecord(time: now(), level: level, message: message, fields: LogField.flat(metadata))
    }

    func write(_ record: LogRecord) {
        told.note(record)
        writer.write(line(record, format))
    }

    /// The record in a format, without secrets, its texts cut where they are too long.
    func line(_ record: LogRecord, _ format: LogFormat) -> [UInt8] {
        line(format) { writer in format.write(record, process, to: &writer) }
    }

    /// The record as it may be shown: without secrets, its texts cut where they are too long.
    func shown(_ record: LogRecord) -> LogRecord {
        var record = record
        record.fields = record.fields.map { LogField(name: $0.name, value: redactor.shown($0.value, of: $0.name)) }
        return record
    }

    /// Writes a line as it is, and once more with care where that may be needed.
    private func line(_ format: LogFormat, _ write: (inout FieldWriter) -> Void) -> [UInt8] {
        var quick = FieldWriter(format: format)
        write(&quick)
        let line = quick.end()
        guard quick.hasLongText || redactor.mayBe(in: line) else { return line }
        var careful = FieldWriter(format: format, redactor: redactor)
        write(&careful)
        return careful.end()
    }
}

extension LogStream {
    /// Writes the line that every message has, without the detour of metadata: fields sorted by name, as everywhere.
    func write(_ sentence: LogSentence, _ record: AuditRecord) {
        let time = now()
        let line = line(format) { fields in
            fields.begin(time, sentence.level.logName, sentence.text, process)
            fields.append("blob.length", number: record.length)
            fields.append("blob.name", text: record.name.path, .blobName)
            fields.append("blob.sha256", text: record.digest, .id)
            fields.append("messaging.message.id", text: record.id.text, .id)
        }
        writer.write(line)
    }
}
