import Synchronization

/// The counts of a run while its messages are on their way, and the reason to start no more of them.
package final class RunLedger: Sendable {
    fileprivate struct State {
        var summary = RunSummary()
        /// What the listing before the lease showed of the inbox; `nil` where there was none.
        var look: (count: Int, oldest: Int64?)?
        /// How many messages MESH thought were waiting, by the first page of the walk.
        var expected: Int?
        /// Whether every page was listed.
        var isWalked = false
        var downloaded = 0
        var oldestLeft: Int64?
        var breaker = CircuitBreaker()
        /// The failure that raised a suspicion which nobody has followed yet.
        var suspect: Failure?
        var isOver = false
        /// The failure that every message met that was begun: storage that refuses all, or isn't there.
        var shared: Failure?
        var isShared = true
    }

    private let state = Mutex(State())

    package init() {}

    /// Whether no further message may be started.
    var isBroken: Bool { state.withLock { $0.summary.failure != nil } }

    /// The counts; where every message met the same refusal of storage, that counts as the failure of the run.
    package var summary: RunSummary {
        state.withLock { state in
            var summary = state.summary
            summary.remaining = state.remaining
            summary.oldestWaiting = summary.listed > 0 || state.isWalked ? state.oldestLeft : state.look?.oldest
            if summary.failure == nil, summary.stored == 0, state.isShared { summary.failure = state.shared }
            return summary
        }
    }

    func listed(_ count: Int) {
        state.withLock { $0.summary.listed += count }
    }

    /// What the first page shows that shows any message.
    /// - Parameter count: how many messages MESH thinks are waiting.
    func shows(_ ids: [MessageID], of count: Int?) {
        state.withLock { $0.look = (max(ids.count, count ?? 0), ids.first?.secondsSince1970) }
    }

    /// How many messages MESH thinks are waiting; the first such count is kept.
    func expects(_ count: Int?) {
        state.withLock { $0.expected = $0.expected ?? count }
    }

    /// Every page was listed.
    func walked() {
        state.withLock { $0.isWalked = true }
    }

    /// Messages, in inbox order, that are not begun.
    func unstarted(_ turns: [Turn]) {
        state.withLock { state in
            state.summary.unstarted += turns.count
            for turn in turns { state.stays(turn.assignment.entry.id) }
        }
    }

    /// How many messages have come to an end, one way or another, and how many are known of.
    package var progress: (done: Int, known: Int, bytes: UInt64) {
        state.withLock { state in
            let summary = state.summary
            let done =
                summary.acknowledged + summary.skipped + summary.failed + summary.gone + state.downloaded
            return (done, max(summary.listed, state.expected ?? 0, done), summary.bytes)
        }
    }

    /// The run as a whole can't go on; the first such failure is kept.
    func broke(_ failure: Failure) {
        state.withLock { state in
            if state.summary.failure == nil { state.summary.failure = failure }
        }
    }

    /// The run came to its end by itself.
    func over() {
        state.withLock { $0.isOver = true }
    }

    var isOver: Bool { state.withLock { $0.isOver } }

    /// The failure that makes one side look as if it were down, once.
    func takeSuspect() -> Failure? {
        state.withLock { state in
            defer { state.suspect = nil }
            return state.suspect
        }
    }

    /// The samples that are to be tried, and no other message, while a service is suspected.
    var samples: CircuitBreaker.Samples? { state.withLock { $0.breaker.samples } }

    /// Every page was listed, and sampled where a service is suspected: if all samples failed, it is down.
    func concludeSamples() {
        state.withLock { state in
            if let failure = state.breaker.outage() { state.summary.failure = state.summary.failure ?? failure }
        }
    }

    /// - Parameters:
    ///   - isSample: whether it was tried to find out whether a service is down.
    ///   - now: an uptime.
    func finished(_ id: MessageID, _ outcome: MessageMover.Outcome, isSample: Bool = false, now: Duration) {
        state.withLock { state in
            switch outcome {
            case .moved(let length, let isReport):
                if isReport { state.summary.reports += 1 }
                state.summary.stored += 1
                state.summary.acknowledged += 1
                state.summary.bytes += length
                state.succeeded(isSample)
            case .quarantined(let failure, let length):
                state.summary.stored += 1
                state.summary.acknowledged += 1
                state.summary.quarantined += 1
                state.summary.bytes += length
                state.summary.note(id, failure)
                state.succeeded(isSample)
            case .acknowledged:
                state.summary.acknowledged += 1
                state.succeeded(isSample)
            case .gone, .unlisted:
                state.summary.gone += 1
            case .downloaded(let length):
                state.downloaded += 1
                state.stays(id)
                state.summary.bytes += length
            case .left:
                state.stays(id)
                state.summary.skipped += 1
            case .invalid(let failure):
                state.summary.skipped += 1
                state.summary.invalid += 1
                state.stays(id)
                state.summary.note(id, failure)
            case .failed(let failure):
                state.summary.failed += 1
                state.stays(id)
                state.summary.note(id, failure)
                let refusesAll = failure.service == .storage && [.refused, .settings].contains(failure.kind)
                state.isShared = state.isShared && refusesAll
                state.shared = state.shared ?? failure
                state.failed(failure, isSample, now: now)
            }
        }
    }
}

extension RunLedger.State {
    /// What is left in the inbox, as far as it was listed, and what MESH said of the rest.
    fileprivate var remaining: Int? {
        guard let look else { return nil }
        guard summary.listed > 0 || isWalked else { return look.count }
        let unlisted = isWalked ? 0 : max(0, (expected ?? 0).subtractingClamped(summary.listed))
        return (summary.failed + summary.skipped + summary.unstarted + downloaded).addingClamped(unlisted)
    }

    fileprivate mutating func succeeded(_ isSample: Bool) {
        breaker.succeeded(isSample: isSample)
        suspect = nil
    }

    /// - Parameter now: an uptime.
    fileprivate mutating func failed(_ failure: Failure, _ isSample: Bool, now: Duration) {
        let verdict = failure.kind == .lease ? .endRun : breaker.failed(failure, isSample: isSample, now: now)
        switch verdict {
        case .goOn: break
        case .suspect: suspect = failure
        case .endRun: summary.failure = summary.failure ?? failure
        }
    }

    /// The message stays in the inbox.
    fileprivate mutating func stays(_ id: MessageID) {
        guard let time = id.secondsSince1970 else { return }
        oldestLeft = min(oldestLeft ?? time, time)
    }
}

extension RunSummary {
    fileprivate mutating func note(_ id: MessageID, _ failure: Failure) {
        problemCounts[failure.type, default: 0] += 1
        if problems.count < Self.namedProblems {
            problems.append(Problem(id: id, type: failure.type, reason: failure.wording))
        }
    }
}
