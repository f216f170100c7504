import Synchronization

/// The journal of this run in memory, and its way into storage.
final class JournalKeeper: Sendable {
    /// Where the journal lies; `nil` for a dry run, which keeps it in memory alone.
    private let held: (any HeldJournal)?
    private let lease: Lease?
    private let retrier: Retrier
    /// Of this run's creating requests.
    let lateEffects = LateEffects()
    private let state: Mutex<(journal: Journal, planner: Planner)>

    init(
        _ journal: Journal,
        planner: Planner,
        held: (any HeldJournal)?,
        lease: Lease?,
        retrier: Retrier
    ) {
        self.held = held
        self.lease = lease
        self.retrier = retrier
        state = Mutex((journal, planner))
    }

    func beginWalk() {
        state.withLock { $0.journal.beginWalk() }
    }

    func completeWalk() {
        state.withLock { $0.journal.completeWalk() }
    }

    /// Decides about a page, and has the plan on record before it returns.
    func plan(_ ids: [MessageID], now: Int64) async throws(Failure) -> [Assignment] {
        let (decision, content) = state.withLock { state -> (PageDecision, [UInt8]?) in
            let decision = state.journal.plan(ids, with: &state.planner, now: now)
            return (decision, decision.changesJournal && held != nil ? state.journal.json() : nil)
        }
        if let content { try await write(content) }
        return decision.assignments
    }

    func takeUnlisted() -> [Assignment] {
        state.withLock { $0.journal.takeUnlisted() }
    }

    func settle(_ id: MessageID, as outcome: Journal.State) {
        state.withLock { $0.journal.settle(id, as: outcome) }
    }

    /// Notes that a message failed, so that the next run begins with others.
    func failed(_ id: MessageID) {
        state.withLock { $0.journal.noteFailure(of: id) }
    }

    /// Looks for a blob that is none of a message's, to see whether storage answers.
    func askStorage(_ store: any BlobStore) async throws(Failure) {
        _ = try await store.look(at: held?.name ?? BlobName(".poll-mesh-inbox/none"), retrier.nextAttempt())
    }

    /// Writes what was settled.
    func write() async throws(Failure) {
        guard held != nil else { return }
        try await write(state.withLock { $0.journal.json() })
    }

    /// - Throws: if this run must not store or acknowledge anything any more.
    func checkLease() throws(Failure) {
        try lease?.check()
    }

    /// Asked for right before anything goes out that only the lease's holder may do.
    var permit: WritePermit {
        WritePermit { [lease] () throws(Failure) in try lease?.check() }
    }

    private func write(_ content: [UInt8]) async throws(Failure) {
        try checkLease()
        do throws(Failure) {
            try await retrier.run { attempt async throws(Failure) in try await held?.write(content, attempt) }
        } catch {
            if error.kind == .lease { lease?.lost(error) }
            throw error
        }
    }
}
