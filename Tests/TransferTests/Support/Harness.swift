import Blocks
import Logging
import Synchronization
import Transfer

/// Runs a drain on fakes, with a clock that stands still unless somebody sleeps.
struct Harness {
    /// 2024-01-15 14:30:45 UTC
    static let now: Int64 = 1_705_329_045

    var options = TransferOptions(mailbox: "BOX", runID: "run-1")
    var policy = RetryPolicy(attempts: 3, baseDelay: .milliseconds(100), maxDelay: .seconds(1))
    var capacity = 1 << 20
    var journals = FakeJournals()
    let clock = FakeClock()
    var deadline: Duration?
    let stop = StopRequest()

    func run(_ inbox: FakeInbox, _ store: FakeStore) async -> RunSummary {
        let pool = BlockPool(capacity: capacity)
        let surroundings = clock.surroundings
        let drain = Drain(
            inbox: inbox,
            store: store,
            journals: journals,
            pool: pool,
            retrier: Retrier(policy: policy, surroundings: surroundings),
            options: options,
            surroundings: surroundings,
            limit: RunLimit(surroundings, stop: stop, deadline: deadline, gracePeriod: options.gracePeriod),
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let summary = await drain.run()
        precondition(pool.free == capacity, "blocks were kept")
        return summary
    }
}

/// Time that passes only by sleeping. Who sleeps for long, as for a renewal or a limit of the run, sleeps until cancelled.
final class FakeClock: Sendable {
    static let longest = Duration.seconds(4)

    private struct State {
        var elapsed = Duration.zero
        var sleeps: [Duration] = []
    }

    private let state = Mutex(State())

    var sleeps: [Duration] { state.withLock { $0.sleeps } }

    func advance(by duration: Duration) {
        state.withLock { $0.elapsed += duration }
    }

    var surroundings: Surroundings {
        Surroundings(
            now: { Harness.now + self.state.withLock { $0.elapsed.components.seconds } },
            uptime: { self.state.withLock { $0.elapsed } },
            sleep: { duration in
                if duration > Self.longest { return try await Task.sleep(for: .seconds(3600)) }
                self.state.withLock { state in
                    state.elapsed += duration
                    state.sleeps.append(duration)
                }
                try Task.checkCancellation()
            },
            random: { 0.5 }
        )
    }
}
