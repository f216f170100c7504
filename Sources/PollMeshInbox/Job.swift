import Transfer

/// What a run of the program is for.
package enum Job: Sendable, Equatable {
    /// Moves the messages of the inbox. A dry run stores and acknowledges nothing.
    case poll(dryRun: Bool)
    /// Proves that a poll would find what it needs.
    case check

    /// The sentence that the last line of the log has.
    var lastSentence: LogSentence {
        switch self {
        case .poll: .runFinished
        case .check: .checkFinished
        }
    }
}
