/// What a run spends its time on. The raw value is the `phase` of the metrics and stands in the names of the summary's fields.
package enum Phase: String, Sendable, CaseIterable {
    case handshake
    /// Listing the inbox, a page at a time.
    case list
    /// Taking, renewing and releasing the journal's lease.
    case lease
    /// Reading and writing the journal.
    case journal
    /// One chunk of a message, from its request to its last byte. Time in which storage keeps it waiting does not count.
    case download
    /// A request to storage for a message's blob, or a block of it.
    case store
    case acknowledge
    /// Waiting before another try.
    case wait

    /// Its place in ``allCases``.
    var index: Int {
        switch self {
        case .handshake: 0
        case .list: 1
        case .lease: 2
        case .journal: 3
        case .download: 4
        case .store: 5
        case .acknowledge: 6
        case .wait: 7
        }
    }

    /// The field of the summary with the seconds of this phase, all messages together.
    var summaryField: String { "phase.\(rawValue)_s" }
}
