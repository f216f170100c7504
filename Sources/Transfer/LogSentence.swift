package import Logging

/// A kind of line in the log: its fixed sentence, its level, and what its reader is told of it.
///
/// Every line is one of these; docs/log-reference.md is made of them.
package struct LogSentence: Sendable {
    /// What stands in `msg`.
    package let text: String
    package let level: Logger.Level
    /// What it means, for the reference.
    package let meaning: String
    /// The names of its own fields; those of a failure are named by ``showsFailure``.
    package let fields: [String]
    /// Whether it may carry the fields of a ``Failure``.
    package let showsFailure: Bool

    package init(
        _ level: Logger.Level,
        _ text: String,
        fields: [String] = [],
        showsFailure: Bool = false,
        meaning: String
    ) {
        self.text = text
        self.level = level
        self.meaning = meaning
        self.fields = fields
        self.showsFailure = showsFailure
    }
}

extension Logger {
    /// Writes a line of this kind, if its level is logged.
    package func write(_ sentence: LogSentence, _ metadata: @autoclosure () -> Logger.Metadata? = nil) {
        log(level: sentence.level, "\(sentence.text)", metadata: metadata())
    }
}
