package import Blocks
package import Logging

/// One run: lists the inbox until it shows nothing new, and moves every message that it shows.
package struct Drain: Sendable {
    private let inbox: any Inbox
    private let store: any BlobStore
    private let pool: BlockPool
    private let retrier: Retrier
    private let options: TransferOptions
    private let surroundings: Surroundings
    private let log: Logger

    package init(
        inbox: any Inbox,
        store: any BlobStore,
        pool: BlockPool,
        retrier: Retrier,
        options: TransferOptions,
        surroundings: Surroundings,
        log: Logger
    ) {
        self.inbox = inbox
        self.store = store
        self.pool = pool
        self.retrier = retrier
        self.options = options
        self.surroundings = surroundings
        self.log = log
    }

    /// Runs until the inbox is drained, the deadline has come, or one side is down.
    package func run() async -> RunSummary {
        let ledger = RunLedger()
        let start = surroundings.uptime()
        do throws(Failure) {
            try await drain(ledger, until: options.deadline.map { start + $0 })
        } catch {
            ledger.broke(error)
        }
        var summary = ledger.summary
        summary.retries = retrier.retryCount
        summary.conclude(deadlinePassed: options.deadline.map { surroundings.uptime() - start >= $0 } ?? false)
        if let failure = summary.failure {
            log.error("run ended early", metadata: failure.fields)
        }
        return summary
    }

    private func drain(_ ledger: RunLedger, until deadline: Duration?) async throws(Failure) {
        try await retrier.run { _ async throws(Failure) in try await inbox.handshake() }
        var listing = ListingWalk(inbox: inbox, retrier: retrier)
        // An empty inbox costs no request to storage.
        guard var ids = try await listing.nextIDs() else { return }
        if !options.isDryRun {
            try await retrier.run { attempt async throws(Failure) in try await store.prepare(attempt) }
        }
        let claims = NameClaims()
        let mover = MessageMover(
            inbox: inbox,
            store: store,
            pool: pool,
            retrier: retrier,
            claims: claims,
            options: options,
            log: log
        )
        var planner = Planner(prefix: options.prefix, source: options.source, localTime: surroundings.localTime)
        let failure = await withTaskGroup(of: Void.self) { group -> Failure? in
            var inFlight = 0
            var place = 0
            while true {
                ledger.listed(ids.count)
                let entries = planner.plan(ids, now: surroundings.now())
                for (index, entry) in entries.enumerated() {
                    if inFlight >= options.concurrency {
                        await group.next()
                        inFlight -= 1
                    }
                    if mustStop(ledger, deadline) {
                        ledger.unstarted(entries.count - index)
                        return nil
                    }
                    let claimed = claim(entry, place, claims)
                    group.addTask { [place] in
                        let outcome = await mover.move(entry, place: place, claimed: claimed)
                        report(entry, outcome)
                        ledger.finished(entry.id, outcome)
                    }
                    inFlight += 1
                    place += 1
                }
                do throws(Failure) {
                    guard let next = try await listing.nextIDs() else { return nil }
                    ids = next
                } catch {
                    return error
                }
            }
        }
        if let failure { throw failure }
    }

    /// Decides about the plain name where the message id tells the BSO; else that waits for the response's head.
    private func claim(_ entry: PlanEntry, _ place: Int, _ claims: NameClaims) -> Bool? {
        guard entry.source == .messageID else { return nil }
        guard let code = BSOCode(entry.id.text) else {
            claims.giveUp(place: place)
            return false
        }
        return claims.claimInOrder(place: place, code: code, time: entry.time)
    }

    private func mustStop(_ ledger: RunLedger, _ deadline: Duration?) -> Bool {
        if ledger.isBroken || Task.isCancelled { return true }
        return deadline.map { surroundings.uptime() >= $0 } ?? false
    }

    private func report(_ entry: PlanEntry, _ outcome: MessageMover.Outcome) {
        let id: Logger.Metadata = ["messaging.message.id": "\(entry.id)"]
        switch outcome {
        case .moved, .downloaded: break
        case .left: log.info("report left in the inbox", metadata: id)
        case .invalid(let failure): log.error("message is invalid and stays in the inbox", metadata: failure.fields + id)
        case .failed(let failure): log.error("message failed and stays in the inbox", metadata: failure.fields + id)
        }
    }
}
