import Logging

/// One line of the log before it is written.
struct LogRecord: Sendable {
    var time: WallTime
    var level: Logger.Level
    /// A fixed sentence.
    var message: String
    /// Flat, sorted, each name once.
    var fields: [LogField]
}

extension Logger.Level {
    /// The name in the log. There is no NOTICE: it is INFO.
    var logName: StaticString {
        switch self {
        case .trace: "TRACE"
        case .debug: "DEBUG"
        case .info, .notice: "INFO"
        case .warning: "WARNING"
        case .error: "ERROR"
        case .critical: "CRITICAL"
        }
    }
}
