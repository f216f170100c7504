import Glibc
import Synchronization
import Testing
import Transfer

@testable import LocalDirectory

@Suite struct WorkerThreadsTests {
    /// Lets a number of threads pass only when all of them are there.
    private final class Meeting: @unchecked Sendable {
        // Used through the functions of POSIX only, which may be called from any thread.
        private let barrier = UnsafeMutablePointer<pthread_barrier_t>.allocate(capacity: 1)

        init(of count: Int) {
            pthread_barrier_init(barrier, nil, UInt32(count))
        }

        deinit {
            pthread_barrier_destroy(barrier)
            barrier.deallocate()
        }

        func wait() {
            pthread_barrier_wait(barrier)
        }
    }

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
        let meeting = Meeting(of: 16)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 { group.addTask { try await workers.run { () throws(Failure) in meeting.wait() } } }
            try await group.waitForAll()
        }
    }

    @Test func neverRunsMoreThanTheLimit() async throws {
        let workers = WorkerThreads(limit: 3)
        let count = Count()
        let total = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...200 {
                group.addTask {
                    try await workers.run { () throws(Failure) in
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
            try await workers.run { () throws(Failure) in
                throw Failure(service: .storage, kind: .lease, type: "x", message: "m")
            }
        }
        #expect(thrown?.kind == .lease)
    }
}
