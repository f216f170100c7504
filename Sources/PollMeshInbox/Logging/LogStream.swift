package import Logging

/// Where the lines of the log go, and how they look. Loggers are made from it; no global state is involved.
package struct LogStream: Sendable {
    let format: LogFormat
    let redactor: Redactor
    let writer: LineWriter
    let now: @Sendable () -> WallTime

    package init(
        format: LogFormat,
        redactor: Redactor,
        writer: LineWriter,
        now: @escaping @Sendable () -> WallTime = WallTime.now
    ) {
        self.format = format
        self.redactor = redactor
        self.writer = writer
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
        let line = format.line(record)
        return redactor.mayBe(in: line) ? format.line(record, redact: redactor.redact) : line
    }
}
