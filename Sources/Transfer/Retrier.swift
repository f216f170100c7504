import Synchronization

/// Tries operations again by a policy, and counts what that took. One for a run.
package final class Retrier: Sendable {
    private let policy: RetryPolicy
    private let surroundings: Surroundings
    private let operations = Atomic<UInt64>(0)
    private let retries = Atomic<Int>(0)
    private let budget = Mutex(RetryBudget())
    private let retried: @Sendable (Failure, Duration) -> Void

    /// - Parameter retried: told of each failure that leads to another try, and of the wait before it.
    package init(
        policy: RetryPolicy,
        surroundings: Surroundings,
        retried: @escaping @Sendable (Failure, Duration) -> Void = { _, _ in }
    ) {
        self.policy = policy
        self.surroundings = surroundings
        self.retried = retried
    }

    /// How many tries were not the first of their operation.
    package var retryCount: Int { retries.load(ordering: .relaxed) }

    /// The first try of an operation that is not tried again.
    package func nextAttempt() -> Attempt {
        Attempt(operation: operations.wrappingAdd(1, ordering: .relaxed).newValue)
    }

    /// Runs an operation until it succeeds, fails for good, or was tried often enough.
    /// - Parameter failedOnce: called when the first try has failed.
    package func run<Success>(
        failedOnce: () -> Void = {},
        _ operation: (Attempt) async throws(Failure) -> Success
    ) async throws(Failure) -> Success {
        var attempt = nextAttempt()
        var tally = Tally()
        while true {
            do throws(Failure) {
                let success = try await operation(attempt)
                budget.withLock { $0.earn() }
                return success
            } catch {
                if attempt.number == 1 { failedOnce() }
                try await wait(after: error, &tally)
                attempt.number += 1
            }
        }
    }

    /// The failures of one operation so far.
    package struct Tally: Sendable {
        fileprivate var failed = 0
        fileprivate var stale = 0

        package init() {}
    }

    /// Waits until the next try may begin.
    /// - Throws: the failure itself, if there is no next try.
    package func wait(after failure: Failure, _ tally: inout Tally) async throws(Failure) {
        if failure.kind == .staleConnection { tally.stale += 1 }
        if failure.kind != .staleConnection || tally.stale > RetryPolicy.staleConnections { tally.failed += 1 }
        let delay = policy.delay(
            after: failure,
            failed: tally.failed,
            stale: tally.stale,
            random: surroundings.random()
        )
        guard let delay, budget.withLock({ $0.spend() }) else { throw failure }
        retries.add(1, ordering: .relaxed)
        retried(failure, delay)
        guard delay > .zero else { return }
        do {
            try await surroundings.sleep(delay)
        } catch {
            throw failure
        }
    }
}
