/// What the strict server keeps of one mailbox.
struct MailboxState {
    struct Entry {
        var message: MESHMessage
        var isAcknowledged = false
        /// Out of the inbox by age.
        var isExpired = false
        /// The listings up to this one still show the id although it was acknowledged.
        var lingersUntil = 0
    }

    let mailbox: MESHMailbox
    /// In the order of arrival; entries are never removed, so that a place in it is a cursor that stays valid.
    private(set) var entries: [Entry] = []
    private(set) var acknowledged: [String] = []
    var usedTokens: Set<String> = []
    private var places: [String: Int] = [:]
    private var listings = 0
    private var firstVisible = 0
    /// Of those that were never acknowledged.
    private var expiredCount = 0

    init(_ mailbox: MESHMailbox) {
        self.mailbox = mailbox
    }

    var waitingCount: Int { entries.count - acknowledged.count - expiredCount }

    func entry(_ id: String) -> Entry? { places[id].map { entries[$0] } }

    /// Adds a message, or replaces the content of one that is there.
    mutating func put(_ message: MESHMessage) {
        if let place = places[message.id] {
            entries[place].message = message
        } else {
            places[message.id] = entries.count
            entries.append(Entry(message: message))
        }
    }

    mutating func expire(_ id: String) {
        guard let place = places[id] else { return }
        if !entries[place].isExpired, !entries[place].isAcknowledged { expiredCount += 1 }
        entries[place].isExpired = true
        entries[place].message.isGone = true
    }

    /// - Parameter lag: how many listings still show the id.
    /// - Returns: whether it was acknowledged before, nil when there is no such message.
    mutating func acknowledge(_ id: String, lag: Int) -> Bool? {
        guard let place = places[id], !entries[place].isExpired || entries[place].isAcknowledged else { return nil }
        if entries[place].isAcknowledged { return true }
        entries[place].isAcknowledged = true
        entries[place].lingersUntil = listings + lag
        acknowledged.append(id)
        return false
    }

    /// One page of the listing.
    /// - Parameters:
    ///   - start: the cursor; 0 is the beginning.
    ///   - limit: how many ids are looked at (or returned, when the filter comes first).
    ///   - filtersFirst: whether ids of other workflows don't count for the limit.
    /// - Returns: the ids, and the cursor behind them unless nothing follows.
    mutating func page(
        from start: Int,
        limit: Int,
        filter: WorkflowFilter?,
        filtersFirst: Bool
    ) -> (ids: [String], next: Int?) {
        listings += 1
        while firstVisible < entries.count, !isVisible(firstVisible) { firstVisible += 1 }
        var ids: [String] = []
        var taken = 0
        var place = max(start, firstVisible)
        while place < entries.count, taken < limit {
            if isVisible(place) {
                let fits = filter?.matches(entries[place].message.workflowID) ?? true
                if fits { ids.append(entries[place].message.id) }
                if fits || !filtersFirst { taken += 1 }
            }
            place += 1
        }
        var following = place
        while following < entries.count, !isVisible(following) { following += 1 }
        return (ids, following < entries.count ? place : nil)
    }

    private func isVisible(_ place: Int) -> Bool {
        if entries[place].isExpired { return false }
        return !entries[place].isAcknowledged || listings <= entries[place].lingersUntil
    }
}
