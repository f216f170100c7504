import Synchronization

/// The lease of this run: renewed while the run lasts, and asked before anything is done that only its holder may do.
final class Lease: Sendable {
    /// How often a lease of 60 seconds is renewed.
    static let renewalInterval = Duration.seconds(20)
    /// How soon after a renewal that failed another one is tried.
    static let retryInterval = Duration.seconds(2)
    /// How long before its end everything in flight is cancelled: storage may carry out a request that long after it was cut.
    static let margin = LateEffects.longest

    private struct State {
        var validUntil: Duration?
        var loss: Failure?
    }

    private let journal: any HeldJournal
    private let retrier: Retrier
    private let surroundings: Surroundings
    private let state: Mutex<State>

    /// - Parameter takenAt: when the lease was asked for, by the surroundings' uptime.
    init(_ journal: any HeldJournal, takenAt: Duration, retrier: Retrier, surroundings: Surroundings) {
        self.journal = journal
        self.retrier = retrier
        self.surroundings = surroundings
        state = Mutex(State(validUntil: journal.leaseDuration.map { takenAt + $0 }))
    }

    /// - Throws: if the lease was lost, or may be by now.
    func check() throws(Failure) {
        let now = surroundings.uptime()
        let loss = state.withLock { state in
            if state.loss == nil, let end = state.validUntil, now + Self.margin >= end {
                state.loss = Self.expired
            }
            return state.loss
        }
        if let loss { throw loss }
    }

    /// Notes that somebody else has the lease.
    func lost(_ failure: Failure) {
        state.withLock { state in
            if state.loss == nil { state.loss = failure }
        }
    }

    /// How long it holds after a renewal; `nil` if it needs none.
    var duration: Duration? { journal.leaseDuration }

    /// Renews the lease until the task is cancelled.
    /// - Returns: the failure, once the lease is lost; `nil` after cancellation.
    func keep(_ duration: Duration) async -> Failure? {
        var pause = Self.renewalInterval
        while true {
            do {
                try await surroundings.sleep(pause)
            } catch {
                return nil
            }
            switch await renew(duration) {
            case .renewed: pause = Self.renewalInterval
            case .failed: pause = Self.retryInterval
            case .cancelled: return nil
            }
            do throws(Failure) {
                try check()
            } catch {
                return error
            }
        }
    }

    private enum Renewal {
        case renewed
        case failed
        case cancelled
    }

    /// Renews the lease, or gives that up when it is too late.
    private func renew(_ duration: Duration) async -> Renewal {
        let asked = surroundings.uptime()
        let latest = state.withLock { $0.validUntil }.map { $0 - Self.margin - asked } ?? duration
        return await withTaskGroup(of: Renewal.self) { [journal, retrier, surroundings] group in
            group.addTask {
                do throws(Failure) {
                    try await journal.renew(retrier.nextAttempt())
                    self.state.withLock { $0.validUntil = asked + duration }
                    return .renewed
                } catch {
                    if error.kind == .lease { self.lost(error) }
                    return error.kind == .cancelled ? .cancelled : .failed
                }
            }
            group.addTask {
                do {
                    try await surroundings.sleep(max(.zero, latest))
                    return .failed
                } catch {
                    return .cancelled
                }
            }
            let first = await group.next() ?? .failed
            group.cancelAll()
            return first
        }
    }

    private static let expired = Failure(
        service: .storage,
        kind: .lease,
        type: "lease_expired",
        message: "The lease of the journal could not be renewed in time, so that another run may have begun.",
        advice: "Nothing is lost: the next run goes on. Look for outages of storage, or for a pod that was paused."
    )
}
