/// Walks through the pages of the inbox, from the first to the last.
///
/// A link may outlive its page, and a page that a filter emptied may have a next one: so a link is followed as long as it is
/// new.
struct ListingWalk {
    private let inbox: any Inbox
    private let retrier: Retrier
    private var followed: Set<PageLink> = []
    private var next: PageLink?
    private var isAtStart = true
    /// How many messages MESH thinks are waiting, by the page that came last.
    private(set) var approximateCount: Int?
    /// How many pages in a row showed nothing new.
    private var barrenPages = 0
    /// Of several million messages, all of which a filter hides.
    private static let mostBarrenPages = 1_000

    init(inbox: any Inbox, retrier: Retrier) {
        self.inbox = inbox
        self.retrier = retrier
    }

    /// Notes that the last page showed no message that this run has not seen.
    /// - Throws: when there were too many such pages in a row: the links lead nowhere.
    mutating func sawNothingNew() throws(Failure) {
        barrenPages += 1
        guard barrenPages >= Self.mostBarrenPages else { return }
        throw Failure(
            service: .mesh,
            kind: .permanent,
            type: "endless_listing",
            message:
                "The listing of the inbox goes on without end: \(barrenPages) pages in a row showed no new message.",
            advice: "Check MESH_BASE_URL and what stands between here and MESH; tell whoever runs it."
        )
    }

    mutating func sawMessages() {
        barrenPages = 0
    }

    /// The ids of the next page, in inbox order.
    /// - Returns: `nil` at the end: every page was listed.
    mutating func nextPage() async throws(Failure) -> [MessageID]? {
        if !isAtStart && next == nil { return nil }
        isAtStart = false
        let link = next
        let page = try await retrier.run { _ async throws(Failure) in try await inbox.page(at: link) }
        next = page.next.flatMap { followed.insert($0).inserted ? $0 : nil }
        approximateCount = page.approximateCount
        return page.ids
    }
}
