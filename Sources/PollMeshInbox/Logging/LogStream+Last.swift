import Logging
import Synchronization
import Transfer

extension LogStream {
    /// Has a line say where others were lost because nobody read the log.
    func tellLosses() {
        writer.onLoss { [format, process, now] count in
            let fields = LogField.flat(["log.lost_lines": .stringConvertible(count)])
            let sentence = LogSentence.linesLost
            let record = LogRecord(time: now(), level: sentence.level, message: sentence.text, fields: fields)
            return format.line(record, process)
        }
    }

    /// Writes the summary; no line comes after it.
    func writeLast(_ record: LogRecord) {
        writer.write(lastLine(record), isLast: true)
    }

    /// Writes the summary, for a thread that must go on whatever becomes of it: never waits longer than `limit`.
    /// - Returns: whether all lines are written.
    @discardableResult
    func writeLast(_ record: LogRecord, within limit: Duration) -> Bool {
        writer.writeLast(lastLine(record), within: limit)
    }

    /// People are told once what went wrong; machines read the summary alone.
    private func lastLine(_ record: LogRecord) -> [UInt8] {
        var record = record
        if format == .text, told.contains(record) {
            let repeated = Set(LogReference.failure.map(\.name)).subtracting(["error.type"])
            record.fields.removeAll { repeated.contains($0.name) }
        }
        return line(record, format)
    }
}

/// The failures for which a run or a check ends, as far as a line has told them.
final class ToldFailures: Sendable {
    private static let tellers = [LogSentence.runEndedEarly.text, LogSentence.checkFailed.text]

    private let messages = Mutex<[LogValue]>([])

    func note(_ record: LogRecord) {
        guard Self.tellers.contains(record.message), let message = record.failureMessage else { return }
        messages.withLock { $0.append(message) }
    }

    func contains(_ record: LogRecord) -> Bool {
        guard let message = record.failureMessage else { return false }
        return messages.withLock { $0.contains(message) }
    }
}

extension LogRecord {
    fileprivate var failureMessage: LogValue? { fields.first { $0.name == "error.message" }?.value }
}
