package import Logging
import Transfer

/// Where the lines of the log go, and how they look. Loggers are made from it; no global state is involved.
package struct LogStream: Sendable {
    let format: LogFormat
    let redactor: Redactor
    let writer: LineWriter
    let process: ProcessFields
    let now: @Sendable () -> WallTime

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
        writer.write(line(record, format))
    }

    /// The record in a format, without secrets.
    func line(_ record: LogRecord, _ format: LogFormat) -> [UInt8] {
        let line = format.line(record, process)
        return redactor.mayBe(in: line) ? format.line(record, process, redact: redactor.redact) : line
    }
}

extension LogStream {
    /// Writes the line that every message has, without the detour of metadata: fields sorted by name, as everywhere.
    func write(_ sentence: LogSentence, _ record: AuditRecord) {
        let time = now()
        let level = sentence.level.logName
        let fields = { (fields: inout FieldWriter) in
            fields.append("blob.length", number: record.length)
            fields.append("blob.name", text: record.name.path)
            fields.append("blob.sha256", text: record.digest)
            fields.append("messaging.message.id", text: record.id.text)
        }
        var line = format.line(time, level, sentence.text, process, fields: fields)
        if redactor.mayBe(in: line) {
            line = format.line(time, level, sentence.text, process, redact: redactor.redact, fields: fields)
        }
        writer.write(line)
    }
}
