import Blocks
import Glibc
import StoreConformance
import Testing
import Transfer

@testable import LocalDirectory

/// A file system whose calls do not come back: a cancelled task waits no longer, and what was abandoned places nothing later.
@Suite(.timeLimit(.minutes(1))) struct AbandonmentTests {
    private let directory = TemporaryDirectory()

    /// Cancels work while a call of it hangs.
    /// - Returns: the failure, before the call has come back.
    private func failureOfCancelled(
        _ hold: Hold,
        _ work: @escaping @Sendable () async throws(Failure) -> Void
    ) async -> Failure? {
        let task = Task { await failure { () async throws(Failure) in try await work() } }
        await hold.waitUntilHung()
        task.cancel()
        return await task.value
    }

    /// Lets the call come back, and waits until the abandoned thread has ended.
    private func end(_ hold: Hold) {
        hold.letGo()
        while directory.files().contains(where: { $0.hasPrefix(".poll-mesh-inbox/tmp/") }) { sched_yield() }
    }

    private func prepared(_ calls: FileCalls) async throws -> DirectoryStore {
        // With calls that are let through, so that the counts are those of the work.
        try await directory.store().prepare()
        return directory.store(calls: calls)
    }

    @Test func aBlobWhoseContentHangsIsNotPlacedLater() async throws {
        let hold = Hold()
        let store = directory.store(
            calls: FileCalls(write: { file, bytes, offset in
                hold.hang()
                return pwrite(file, bytes.baseAddress, bytes.count, offset)
            })
        )
        let creating = await failureOfCancelled(hold) { () async throws(Failure) in
            try await store.create(.message(), "abc")
        }
        #expect(creating?.kind == .cancelled)
        #expect(creating?.mayTakeEffect == false)
        end(hold)
        #expect(directory.files() == [".poll-mesh-inbox/in-use.lock"])
    }

    /// The syncs are those of the probe, of the metadata and of the content.
    @Test func aBlobWhoseSyncHangsIsNotPlacedLater() async throws {
        let syncs = Count()
        try await directory.store(
            calls: FileCalls(sync: {
                syncs.add()
                return fsync($0)
            })
        ).create(.message("first"), "a")
        let hold = Hold(after: syncs.value - 1)
        let store = directory.store(
            calls: FileCalls(sync: {
                hold.hang()
                return fsync($0)
            })
        )
        let creating = await failureOfCancelled(hold) { () async throws(Failure) in
            try await store.create(.message(), "abc")
        }
        #expect(creating?.kind == .cancelled)
        #expect(creating?.mayTakeEffect == false)
        end(hold)
        #expect(directory.names() == ["first"])
        #expect(directory.files().count { $0.contains("ABC.dat") } == 0)
    }

    /// Hangs in the renaming to a name that does, or does not, end so.
    private func renaming(to suffix: String, _ hold: Hold) -> FileCalls {
        let rename = FileCalls().rename
        return FileCalls(rename: { from, name, to, newName in
            if newName.hasSuffix(suffix) { hold.hang() }
            return rename(from, name, to, newName)
        })
    }

    @Test func metadataThatHangsLeavesNoBlobLater() async throws {
        let hold = Hold()
        let store = directory.store(calls: renaming(to: ".json", hold))
        let creating = await failureOfCancelled(hold) { () async throws(Failure) in
            try await store.create(.message(), "abc")
        }
        #expect(creating?.kind == .cancelled)
        #expect(creating?.mayTakeEffect == false)
        end(hold)
        #expect(directory.names() == [])
    }

    @Test func aBlobWhosePlacingHangsMayAppearLater() async throws {
        let hold = Hold()
        let store = directory.store(calls: renaming(to: "ABC.dat", hold))
        let creating = await failureOfCancelled(hold) { () async throws(Failure) in
            try await store.create(.message(), "abc")
        }
        #expect(creating?.kind == .cancelled)
        #expect(creating?.mayTakeEffect == true)
        end(hold)
        #expect(directory.content(of: "2024-01-15/ABC.dat") == Array("abc".utf8))
        #expect(try await store.look()?.id == "ID1")
    }

    @Test func aCommitWhosePlacingHangsMayTakeEffectLater() async throws {
        let hold = Hold()
        let store = directory.store(calls: renaming(to: "ABC.dat", hold))
        let staged = try await store.stage(BlobName("2024-01-15/ABC.dat"))
        try await staged.stage(Block("abc"), index: 0, offset: 0, Attempt(operation: 1))
        let committing = await failureOfCancelled(hold) { () async throws(Failure) in
            try await staged.commit(.message(), blockCount: 1, length: 3, Attempt(operation: 2))
        }
        #expect(committing?.kind == .cancelled)
        #expect(committing?.mayTakeEffect == true)
        end(hold)
        #expect(directory.content(of: "2024-01-15/ABC.dat") == Array("abc".utf8))
    }

    /// The block's memory is another message's by then, and the abandoned thread may still write it.
    @Test func aStagedFileWithAnAbandonedWriteIsNeverPlaced() async throws {
        let hold = Hold()
        let store = directory.store(
            calls: FileCalls(write: { file, bytes, offset in
                if bytes.count == 5 { hold.hang() }
                return pwrite(file, bytes.baseAddress, bytes.count, offset)
            })
        )
        let staged = try await store.stage(BlobName("2024-01-15/ABC.dat"))
        try await staged.stage(Block("abc"), index: 0, offset: 0, Attempt(operation: 1))
        let staging = await failureOfCancelled(hold) { () async throws(Failure) in
            try await staged.stage(Block("later"), index: 1, offset: 3, Attempt(operation: 2))
        }
        #expect(staging?.kind == .cancelled)
        #expect(await staged.failureToCommit(.message(), length: 3)?.kind == .stagedBlocksLost)
        hold.letGo()
        await staged.abandon()
        end(hold)
        #expect(directory.names() == [])
    }

    @Test func aStateWhoseSyncHangsIsNotReplacedLater() async throws {
        let hold = Hold()
        try await directory.store().setState("X26ABC1.json", to: [1])
        let store = directory.store(
            calls: FileCalls(write: { file, bytes, offset in
                hold.hang()
                return pwrite(file, bytes.baseAddress, bytes.count, offset)
            })
        )
        let writing = await failureOfCancelled(hold) { () async throws(Failure) in
            try await store.setState("X26ABC1.json", to: [2])
        }
        #expect(writing?.kind == .cancelled)
        end(hold)
        #expect(try await store.state("X26ABC1.json") == [1])
    }

    /// What was abandoned may still place its file, so that no other run may begin before.
    @Test func anAbandonedCallKeepsTheJournalsLock() async throws {
        let hold = Hold()
        let store = directory.store(calls: renaming(to: "ABC.dat", hold))
        let journal = try #require(try await store.takeJournal(of: "X", holder: "1", Attempt(operation: 1)))
        let creating = await failureOfCancelled(hold) { () async throws(Failure) in
            try await store.create(.message(), "abc")
        }
        #expect(creating?.mayTakeEffect == true)
        try await journal.release(Attempt(operation: 2))
        let other = directory.store()
        #expect(try await other.takeJournal(of: "X", holder: "2", Attempt(operation: 1)) == nil)
        hold.letGo()
        while try await other.takeJournal(of: "X", holder: "2", Attempt(operation: 1)) == nil { await Task.yield() }
    }

    @Test(arguments: [(EIO, true), (ETIMEDOUT, true), (ENOSPC, false), (EACCES, false), (EEXIST, false)])
    func saysWhetherABlobMayAppearThatWasNotPlaced(code: Int32, mayAppear: Bool) async throws {
        let rename = FileCalls().rename
        let store = directory.store(
            calls: FileCalls(rename: { from, name, to, newName in
                guard newName.hasSuffix("ABC.dat") else { return rename(from, name, to, newName) }
                errno = code
                return -1
            })
        )
        let creating = await failure { () throws(Failure) in try await store.create(.message(), "abc") }
        #expect(creating?.mayTakeEffect == mayAppear)
        // Where it may, its metadata has to be there for it.
        #expect(directory.files().contains { $0.contains("ABC.dat") } == mayAppear)
    }
}
