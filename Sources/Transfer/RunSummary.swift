/// What a run did, and how it ended.
package struct RunSummary: Sendable, Equatable {
    /// How a run ended. The raw value is `outcome` in the log.
    package enum Outcome: String, Sendable, CaseIterable {
        /// Every message that was listed is stored and acknowledged, or left on purpose.
        case completed
        /// The inbox was empty.
        case empty
        /// Another run is alive.
        case locked
        /// The deadline came before every message was started.
        case deadline
        /// Only invalid messages were left behind.
        case invalidLeft = "invalid_left"
        /// Some messages failed and will be tried at the next run.
        case incomplete
        /// The lease of the journal was lost in mid-run; the next run goes on.
        case leaseLost = "lease_lost"
        /// MESH or storage could not be reached.
        case unavailable
        /// MESH or storage refused us: credentials, certificate, role.
        case refused
        /// The settings name something that isn't there.
        case misconfigured
        /// A signal ended the run.
        case stopped
    }

    /// A message that was not moved, for the reader of the summary.
    package struct Problem: Sendable, Equatable {
        package var id: MessageID
        package var type: String
        /// What happened, in one sentence.
        package var reason: MarkedText
    }

    /// How many of the first problems are named.
    static let namedProblems = 5

    package var outcome = Outcome.completed
    /// Messages that the listings held.
    package var listed = 0
    package var stored = 0
    package var acknowledged = 0
    /// Malformed ones, and reports that are left by settings.
    package var skipped = 0
    package var invalid = 0
    /// Malformed ones that were stored apart and acknowledged.
    package var quarantined = 0
    package var failed = 0
    /// Planned by an earlier run, and neither listed nor to be had from MESH any more.
    package var gone = 0
    /// Listed, and not begun.
    package var unstarted = 0
    /// Bytes of content that were stored, or downloaded in a dry run.
    package var bytes: UInt64 = 0
    /// Tries that were not the first of their operation.
    package var retries = 0
    package var problems: [Problem] = []
    /// How many messages met which `error.type`.
    package var problemCounts: [String: Int] = [:]
    /// Reports about messages that this mailbox sent, among the stored ones.
    package var reports = 0
    /// How many messages are left in the inbox, as far as that is known; `nil` where the inbox could not be listed.
    package var remaining: Int?
    /// When the oldest message that is left came in, in seconds since 1970, where its id tells.
    package var oldestWaiting: Int64?
    /// Why the run as a whole ended early, if it did.
    package var failure: Failure?

    package init() {}

    package static func == (left: RunSummary, right: RunSummary) -> Bool {
        left.outcome == right.outcome && left.listed == right.listed && left.stored == right.stored
            && left.acknowledged == right.acknowledged && left.skipped == right.skipped && left.failed == right.failed
            && left.bytes == right.bytes
    }
}

extension RunSummary {
    /// What the counts and the failure amount to. A failure of the whole run outweighs those of single messages.
    package mutating func conclude(deadlinePassed: Bool, isStopped: Bool = false) {
        if isStopped {
            outcome = .stopped
        } else if let failure {
            outcome =
                switch failure.kind {
                case .refused: .refused
                case .settings: .misconfigured
                case .cancelled: .stopped
                case .lease: .leaseLost
                case .locked: .locked
                default: .unavailable
                }
        } else if failed > 0 {
            outcome = .incomplete
        } else if invalid > 0 {
            outcome = .invalidLeft
        } else if deadlinePassed && unstarted > 0 {
            outcome = .deadline
        } else if listed == 0 {
            outcome = .empty
        } else {
            outcome = .completed
        }
    }
}
