import Synchronization

/// The lease of this run: renewed while the run lasts, and asked before anything is done that only its holder may do.
final class Lease: Sendable {
    /// How often a lease of 60 seconds is renewed.
    static let renewalInterval = Duration.seconds(20)
    /// How soon after a renewal that failed another one is tried.
    static let retryInterval = Duration.seconds(2)
    /// What is begun so shortly before its end could end after it.
    static let margin = Duration.seconds(5)

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
            let asked = surroundings.uptime()
            do throws(Failure) {
                try await journal.renew(retrier.nextAttempt())
                state.withLock { $0.validUntil = asked + duration }
                pause = Self.renewalInterval
            } catch {
                if error.kind == .cancelled { return nil }
                if error.kind == .lease { lost(error) }
                pause = Self.retryInterval
            }
            do throws(Failure) {
                try check()
            } catch {
                return error
            }
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
