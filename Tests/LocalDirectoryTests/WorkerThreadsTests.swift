import Glibc
import StoreConformance
import Synchronization
import Testing
import Transfer

@testable import LocalDirectory

@Suite struct WorkerThreadsTests {
    /// How many are in a piece of code, and were at most.
    private final class Crowd: Sendable {
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
        let count = Crowd()
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
        let count = Crowd()
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

    /// Hangs the one thread of some workers, and gives its work up.
    private func hungAndCancelled(_ workers: WorkerThreads, _ hold: Hold) async {
        let task = Task {
            await failure { () async throws(Failure) in
                try await workers.run { _ throws(Failure) in hold.hang() }
            }
        }
        await hold.waitUntilHung()
        task.cancel()
        #expect(await task.value?.kind == .cancelled)
    }

    @Test(.timeLimit(.minutes(1))) func aThreadThatIsGivenUpLeavesItsPlaceToAnother() async throws {
        let (workers, hold) = (WorkerThreads(limit: 1), Hold())
        await hungAndCancelled(workers, hold)
        #expect(try await workers.run { _ throws(Failure) in 7 } == 7)
        hold.letGo()
    }

    @Test(.timeLimit(.minutes(1))) func workThatWasGivenUpWhileItWaitedIsNotDone() async throws {
        let (workers, hold, done) = (WorkerThreads(limit: 1), Hold(), Count())
        let hung = Task { try await workers.run { _ throws(Failure) in hold.hang() } }
        await hold.waitUntilHung()
        let waiting = Task {
            await failure { () async throws(Failure) in try await workers.run { _ throws(Failure) in done.add() } }
        }
        waiting.cancel()
        #expect(await waiting.value?.kind == .cancelled)
        hold.letGo()
        _ = await hung.result
        try await workers.run { _ throws(Failure) in }
        #expect(done.value == 0)
    }

    @Test(.timeLimit(.minutes(1))) func whatHasToBeDoneIsDoneForACancelledTaskToo() async throws {
        let (workers, hold, done) = (WorkerThreads(limit: 1), Hold(), Count())
        let hung = Task { try await workers.run { _ throws(Failure) in hold.hang() } }
        await hold.waitUntilHung()
        let finishing = Task { await workers.finish { done.add() } }
        finishing.cancel()
        await finishing.value
        #expect(done.value == 0)
        hold.letGo()
        _ = await hung.result
        try await workers.run { _ throws(Failure) in }
        #expect(done.value == 1)
    }

    @Test func asksWhetherAnybodyWaits() async throws {
        let (workers, hold) = (WorkerThreads(limit: 1), Hold())
        let (answers, answer) = AsyncStream.makeStream(of: Int32?.self)
        let task = Task {
            await failure { () async throws(Failure) in
                try await workers.run { abandonment throws(Failure) in
                    hold.hang()
                    let checked = Result { () throws(SystemError) in try abandonment.check("create", "a") }
                    if case .failure(let error) = checked { answer.yield(error.code) } else { answer.yield(nil) }
                }
            }
        }
        await hold.waitUntilHung()
        task.cancel()
        _ = await task.value
        hold.letGo()
        for await code in answers {
            #expect(code == ECANCELED)
            break
        }
    }

    @Test(.timeLimit(.minutes(1))) func workThatGetsNoThreadFails() async {
        let workers = WorkerThreads(limit: 2) { _ in EAGAIN }
        let running = await failure { () async throws(Failure) in try await workers.run { _ throws(Failure) in } }
        #expect(running?.kind == .transient)
        #expect(running?.type == "no_thread")
    }
}
