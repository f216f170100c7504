import Glibc
import StoreConformance
import Synchronization
import Testing
import Transfer

@testable import LocalDirectory

/// Nothing is read without an end, and no lock is waited for without one.
@Suite(.timeLimit(.minutes(1))) struct BoundsTests {
    private let directory = TemporaryDirectory()

    @Test func aStateThatIsTooLargeIsNotRead() async throws {
        try directory.write("", to: ".poll-mesh-inbox/X26ABC1.json")
        #expect(truncate(directory.path(".poll-mesh-inbox/X26ABC1.json"), 1 << 40) == 0)
        let store = directory.store()
        let reading = await failure { () throws(Failure) in _ = try await store.state("X26ABC1.json") }
        #expect(reading?.kind == .settings)
        #expect(reading?.type == "file_too_large")
        #expect(reading?.message.contains(directory.path(".poll-mesh-inbox/X26ABC1.json")) == true)
    }

    @Test func noStateIsWrittenThatCouldNotBeReadAgain() async throws {
        let store = directory.store()
        try await store.setState("X26ABC1.json", to: [1])
        let writing = await failure { () throws(Failure) in
            try await store.setState("X26ABC1.json", to: Array(repeating: 0, count: 64 << 20 + 1))
        }
        #expect(writing?.type == "file_too_large")
        #expect(try await store.state("X26ABC1.json") == [1])
    }

    /// As files of the kernel are, whose length is said to be 0.
    @Test func aFileThatIsLongerThanItSaysIsNotReadToItsEnd() throws {
        let folder = try Folder(path: "/proc/self")
        #expect(try folder.content(of: "limits", atMost: 1 << 20)?.isEmpty == false)
        #expect { try folder.content(of: "limits", atMost: 100) } throws: {
            ($0 as? SystemError)?.obstacle == .tooLarge(limit: 100)
        }
    }

    @Test func metadataThatIsTooLargeIsNotRead() async throws {
        let store = directory.store()
        try await store.create(.message(), "abc")
        let record = try #require(directory.files().first { $0.hasPrefix(".poll-mesh-inbox/metadata/") })
        #expect(truncate(directory.path(record), 1 << 40) == 0)
        #expect(await failure { () throws(Failure) in _ = try await store.look() }?.type == "file_too_large")
    }

    /// Locks the whole root, as a process does that cleans up.
    private func lockAlone() async throws -> FileLock {
        try await directory.store().prepare()
        let lock = try FileLock("in-use.lock", in: Folder(path: directory.path(".poll-mesh-inbox")))
        // The store above, and its lock, end when its last thread does.
        while try !lock.tryExclusive() { sched_yield() }
        return lock
    }

    @Test func aLockThatAnotherProcessKeepsIsGivenUp() async throws {
        let lock = try await lockAlone()
        let waited = Mutex(Duration.zero)
        let store = DirectoryStore(path: directory.root, sleep: { duration in waited.withLock { $0 += duration } })
        let preparing = await failure { () throws(Failure) in try await store.prepare() }
        #expect(preparing?.kind == .transient)
        #expect(preparing?.type == "lock_held")
        #expect(preparing?.message.contains(directory.path(".poll-mesh-inbox/in-use.lock")) == true)
        #expect(waited.withLock { $0 } == .seconds(30))
        withExtendedLifetime(lock) {}
    }

    @Test func aLockThatBecomesFreeIsTaken() async throws {
        let lock = Mutex<FileLock?>(try await lockAlone())
        let store = DirectoryStore(path: directory.root, sleep: { _ in lock.withLock { $0 = nil } })
        try await store.create(.message(), "abc")
        #expect(directory.names() == ["2024-01-15/ABC.dat"])
    }

    @Test func theWaitForALockEndsWithItsTask() async throws {
        let lock = try await lockAlone()
        let store = DirectoryStore(path: directory.root, sleep: { _ in throw CancellationError() })
        #expect(await failure { () throws(Failure) in try await store.prepare() }?.kind == .cancelled)
        withExtendedLifetime(lock) {}
    }
}
