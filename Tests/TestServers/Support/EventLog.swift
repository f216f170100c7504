import Synchronization

/// What the servers did, in the order in which they did it.
///
/// Two servers that share a log can be asserted on together:
///
///     let log = EventLog()
///     // StrictMESHServer(log: log), StrictBlobServer(log: log) ...
///     let committed = log.index(where: { $0.isCommit(of: "2026-11-23/ABC_20261123T150000.dat") })
///     let acknowledged = log.index(where: { $0 == .acknowledged(mailbox: "X26ABC1", id: "ABC1") })
///     #expect(committed! < acknowledged!)
///
/// An event is written while the server's state is locked: its place is the moment at which it took effect.
package final class EventLog: Sendable {
    package enum Event: Sendable, Equatable {
        case handshake(mailbox: String)
        case listed(mailbox: String, ids: [String])
        /// The head of the answer was decided on; the bytes follow.
        case served(mailbox: String, id: String, chunk: Int)
        case acknowledged(mailbox: String, id: String)
        /// The same acknowledgement came a second time.
        case acknowledgedAgain(mailbox: String, id: String)
        case containerCreated(String)
        case blockStaged(container: String, name: String, id: String, length: Int)
        case committed(container: String, name: String, length: Int, metadata: [String: String])
        case deleted(container: String, name: String)
        case leased(container: String, name: String, action: String, id: String)

        /// Whether a blob of this name was written.
        package func isCommit(of name: String) -> Bool {
            if case .committed(_, name, _, _) = self { true } else { false }
        }
    }

    private let state = Mutex<[Event]>([])

    package init() {}

    package var events: [Event] { state.withLock { $0 } }

    /// The place of the first event that fits.
    package func index(where fits: (Event) -> Bool) -> Int? {
        events.firstIndex(where: fits)
    }

    func append(_ event: Event) {
        state.withLock { $0.append(event) }
    }
}
