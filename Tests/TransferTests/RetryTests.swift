import Synchronization
import Testing
import Transfer

@Suite struct RetryPolicyTests {
    private let policy = RetryPolicy(attempts: 3, baseDelay: .milliseconds(100), maxDelay: .seconds(1))

    @Test func backsOffExponentiallyWithFullJitter() {
        let long = RetryPolicy(attempts: 100, baseDelay: .milliseconds(100), maxDelay: .seconds(1))
        let delays = [1, 2, 3, 4, 5, 60].map {
            long.delay(after: .test(.transient), failed: $0, stale: 0, random: 0.5)!
        }
        #expect(delays == [50, 100, 200, 400, 500, 500].map { Duration.milliseconds($0) })
        #expect(long.delay(after: .test(.transient), failed: 1, stale: 0, random: 0) == .zero)
    }

    @Test func stopsAfterItsAttempts() {
        #expect(policy.delay(after: .test(.transient), failed: 2, stale: 0, random: 0) != nil)
        #expect(policy.delay(after: .test(.transient), failed: 3, stale: 0, random: 0) == nil)
    }

    @Test func waitsAsLongAsTheServiceAsksWithinTheLimit() {
        let asked = { policy.delay(after: .test(.transient, retryAfter: $0), failed: 1, stale: 0, random: 0.5) }
        #expect(asked(.milliseconds(700)) == .milliseconds(700))
        #expect(asked(.seconds(60)) == .seconds(1))
        #expect(asked(.milliseconds(1)) == .milliseconds(50))
    }

    @Test func staleConnectionsAreTriedAtOnceAndDoNotCount() {
        #expect(policy.delay(after: .test(.staleConnection), failed: 0, stale: 8, random: 1) == .zero)
        #expect(policy.delay(after: .test(.staleConnection), failed: 1, stale: 9, random: 0.5) == .milliseconds(50))
        #expect(policy.delay(after: .test(.staleConnection), failed: 3, stale: 11, random: 0.5) == nil)
    }

    @Test(arguments: [
        Failure.Kind.refused, .settings, .gone, .damaged, .invalidMessage, .alreadyExists, .stagedBlocksLost, .lease,
        .permanent, .cancelled,
    ])
    func nothingElseIsTriedAgain(kind: Failure.Kind) {
        #expect(policy.delay(after: .test(kind), failed: 1, stale: 0, random: 0) == nil)
    }
}

@Suite struct RetrierTests {
    @Test func triesOfOneOperationShareItsIDAndAreCounted() async throws {
        let clock = FakeClock()
        let retrier = Retrier(
            policy: RetryPolicy(attempts: 3, baseDelay: .milliseconds(100), maxDelay: .seconds(1)),
            surroundings: clock.surroundings
        )
        let attempts = Mutex<[Attempt]>([])
        try await retrier.run { attempt async throws(Failure) in
            attempts.withLock { $0.append(attempt) }
            if attempt.number < 3 { throw .test(.transient) }
        }
        try await retrier.run { attempt async throws(Failure) in attempts.withLock { $0.append(attempt) } }
        let seen = attempts.withLock { $0 }
        #expect(seen.map(\.number) == [1, 2, 3, 1])
        #expect(Set(seen.map(\.operation)).count == 2)
        #expect(retrier.retryCount == 2)
        #expect(clock.sleeps == [.milliseconds(50), .milliseconds(100)])
    }

    @Test func aServiceThatIsDownUsesUpTheBudgetOfTheRun() async {
        let policy = RetryPolicy(attempts: 50, baseDelay: .zero, maxDelay: .zero)
        let retrier = Retrier(policy: policy, surroundings: FakeClock().surroundings)
        let tries = Mutex(0)
        for _ in 0..<10 {
            _ = try? await retrier.run { _ async throws(Failure) in
                tries.withLock { $0 += 1 }
                throw .test(.transient)
            }
        }
        #expect(retrier.retryCount == 100)
        #expect(tries.withLock { $0 } == 110)
    }

    @Test func aServiceThatFailsNowAndThenNeverUsesItUp() async throws {
        let retrier = Retrier(
            policy: RetryPolicy(attempts: 3, baseDelay: .zero),
            surroundings: FakeClock().surroundings
        )
        for operation in 0..<2000 {
            try await retrier.run { attempt async throws(Failure) in
                if operation % 4 == 0 && attempt.number == 1 { throw .test(.transient) }
            }
        }
        #expect(retrier.retryCount == 500)
    }

    @Test func theFirstFailureIsToldOnce() async {
        let retrier = Retrier(policy: RetryPolicy(attempts: 3), surroundings: FakeClock().surroundings)
        var told = 0
        await #expect(throws: Failure.self) {
            try await retrier.run(
                failedOnce: { told += 1 },
                { _ async throws(Failure) in throw .test(.transient) }
            )
        }
        #expect(told == 1)
    }
}
