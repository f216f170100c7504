import Glibc
import StoreConformance
import Synchronization
import Testing
import Transfer

@testable import LocalDirectory

@Suite struct WorkerThreadsTests {
    /// How many are in a piece of code, and were at most.
    private final class Count: Sendable {
        private let state = Mutex((now: 0, most: 0))

        var most: Int { state.withLock { $0.most } }

        func enter() {
            state.withLock { state in
                state.now += 1
                state.most = max(state.most, state.now)
            }
        }

        func leave() {
            state.withLock { $0.now -= 1 }
        }
    }

    @Test func blockedWorkDoesNotHinderOtherWork() async throws {
        let workers = WorkerThreads(limit: 16)
        let count = Count()
        let end = ContinuousClock.now + .seconds(30)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    try await workers.run { _ throws(Failure) in
                        count.enter()
                        // Each blocks its thread until all are there.
                        while count.most < 16 && ContinuousClock.now < end { sched_yield() }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(count.most == 16)
    }

    @Test func neverRunsMoreThanTheLimit() async throws {
        let workers = WorkerThreads(limit: 3)
        let count = Count()
        let total = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...200 {
                group.addTask {
                    try await workers.run { _ throws(Failure) in
                        count.enter()
                        sched_yield()
                        count.leave()
                        return number
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(total == 20_100)
        #expect(count.most <= 3)
    }

    @Test func passesFailuresOn() async {
        let workers = WorkerThreads(limit: 1)
        let thrown = await failure { () throws(Failure) in
            try await workers.run { _ throws(Failure) in
                throw Failure(service: .storage, kind: .lease, type: "x", message: "m")
            }
        }
        #expect(thrown?.kind == .lease)
    }
}
