import Testing
import Transfer

/// What can go wrong in a history. Each occurrence counts.
enum Fault: Int, CaseIterable, Sendable {
    /// The process ends, between any two steps; what a request did before stays done.
    case kill
    case leaseExpiry
    /// A listing fails, all tries of it.
    case failedListing
    /// A look, or a download in any of its chunks, fails in all tries.
    case failedRead
    /// The first try of a download fails, the second does not: the message gives up its place.
    case retriedRead
    /// MESH answers 404 or 410 for a message that it lists.
    case falseGone
    case failedCreation
    /// The blob was created and all answers were lost; with another try, or without.
    case lostCreation
    case failedAcknowledgement
    case lostAcknowledgement
    case failedJournalWrite
    case lostJournalWrite
    /// A listing shows messages that were acknowledged.
    case staleListing
    /// A run's workflow filter hides a message from its listings.
    case changedFilter
    case changedPrefix
    case changedSource
    case dateChange
}

/// A world to search: its messages, how MESH behaves, and what can go wrong.
struct Scenario: Sendable, CustomTestStringConvertible {
    /// How MESH treats an acknowledged message.
    enum Mailbox: Sendable {
        /// As specified: 410 for its content. Listings may show it at any time later.
        case specified
        /// As the sandbox does: its content can be had, and listings are exact.
        case sandbox
        /// The worst of both: its content can be had, and it stays listed until a listing lacks it. Exactly once can't be had
        /// then unless every acknowledgement is noted, so a kill and the like aren't tried (see ``Assumption``).
        case lingering
    }

    struct Message: Sendable {
        var id: String
        /// What the BSO is taken from, where it is not taken from the id.
        var fileName: String
        /// The page of the listing that shows it.
        var page = 0
        /// Arrives at any time after the beginning.
        var isLate = false
    }

    /// What a run is configured with.
    struct Settings: Hashable, Sendable {
        var prefix: String
        var source: BSOSource
    }

    var name: String
    var mailbox: Mailbox
    var messages: [Message]
    var source = BSOSource.messageID
    /// Messages in flight.
    var concurrency = 2
    /// Somebody else's blob has the plain name of the first plan.
    var hasForeignBlob = false
    var faults = Set(Fault.allCases)
    /// How many in one history.
    var faultCount = 3

    var testDescription: String { name }
    var pageCount: Int { messages.map(\.page).max()! + 1 }

    /// By index: 1 changes the prefix, 2 the source, 3 both.
    func settings(_ index: UInt8) -> Settings {
        let other: BSOSource = source == .messageID ? .fileName : .messageID
        return Settings(prefix: index & 1 == 0 ? "" : "p/", source: index & 2 == 0 ? source : other)
    }
}

extension Scenario {
    private static let first = Message(id: "abc1", fileName: "xyz.dat")
    private static let second = Message(id: "abc2", fileName: "xyz.dat")
    private static let noted = Set(Fault.allCases).subtracting([
        .kill, .leaseExpiry, .lostAcknowledgement, .failedJournalWrite, .lostJournalWrite, .falseGone,
    ])

    static let specified = Scenario(name: "MESH as specified", mailbox: .specified, messages: [first, second])
    static let sandbox = Scenario(name: "sandbox", mailbox: .sandbox, messages: [first, second])
    static let lingering = Scenario(
        name: "lingering",
        mailbox: .lingering,
        messages: [first, second],
        faults: noted
    )
    static let lingeringPages = Scenario(
        name: "lingering, two pages",
        mailbox: .lingering,
        messages: [first, Message(id: "abc2", fileName: "xyz.dat", page: 1)],
        faults: noted
    )
    static let header = Scenario(
        name: "BSO from a header",
        mailbox: .sandbox,
        messages: [first, second],
        source: .fileName
    )
    static let foreign = Scenario(
        name: "foreign blob",
        mailbox: .sandbox,
        messages: [first, second],
        hasForeignBlob: true
    )
    static let pages = Scenario(
        name: "two pages",
        mailbox: .sandbox,
        messages: [first, Message(id: "abc2", fileName: "xyz.dat", page: 1)]
    )
    static let late = Scenario(
        name: "a late message",
        mailbox: .sandbox,
        messages: [first, Message(id: "abc2", fileName: "xyz.dat", isLate: true)]
    )
    static let three = Scenario(
        name: "three messages on two pages",
        mailbox: .specified,
        messages: [first, second, Message(id: "def3", fileName: "xyz.dat", page: 1)],
        faultCount: 2
    )

    /// Those of two messages.
    static let small = [specified, sandbox, lingering, lingeringPages, header, foreign, pages, late]
    static let all = small + [three]
}

/// What exactly-once rests on beside the rules.
enum Assumption: CaseIterable, Sendable, CustomTestStringConvertible {
    /// Nobody removes a blob before its message is acknowledged.
    case blobsStayUntilAcknowledged
    /// A creation or an acknowledgement that was begun under the lease takes effect within the margin, or never.
    case requestsEndWithinTheMargin
    /// MESH either refuses the content of acknowledged messages, or never lists them again.
    case acknowledgedIsNotListedOrNotGivenOut
    /// What MESH neither lists nor gives out is gone.
    case goneStaysGone

    var testDescription: String {
        switch self {
        case .blobsStayUntilAcknowledged: "nobody removes a blob before its message is acknowledged"
        case .requestsEndWithinTheMargin: "a request begun under the lease takes effect before the lease ends, or never"
        case .acknowledgedIsNotListedOrNotGivenOut: "MESH doesn't both list and give out an acknowledged message"
        case .goneStaysGone: "a message that MESH neither lists nor gives out doesn't come back"
        }
    }
}
