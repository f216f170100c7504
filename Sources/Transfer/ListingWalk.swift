/// Walks through the pages of the inbox, from the first page again and again, until a whole walk shows nothing new.
///
/// Ids may linger after their acknowledgement, a link may outlive its page, and a page that a filter emptied may have a next
/// one: so a page is followed as long as its link is new, and every id counts once.
struct ListingWalk {
    private let inbox: any Inbox
    private let retrier: Retrier
    private var seen: Set<MessageID> = []
    private var followed: Set<PageLink> = []
    private var next: PageLink?
    private var isAtStart = true
    private var showedNew = false

    init(inbox: any Inbox, retrier: Retrier) {
        self.inbox = inbox
        self.retrier = retrier
    }

    /// The ids of the next page that has new ones, in inbox order.
    /// - Returns: `nil` when the inbox shows nothing new any more.
    mutating func nextIDs() async throws(Failure) -> [MessageID]? {
        while true {
            if !isAtStart && next == nil {
                guard showedNew else { return nil }
                showedNew = false
                followed.removeAll(keepingCapacity: true)
            }
            let link = next
            let page = try await retrier.run { _ async throws(Failure) in try await inbox.page(at: link) }
            isAtStart = false
            next = page.next.flatMap { followed.insert($0).inserted ? $0 : nil }
            let new = page.ids.filter { seen.insert($0).inserted }
            if !new.isEmpty {
                showedNew = true
                return new
            }
        }
    }
}
