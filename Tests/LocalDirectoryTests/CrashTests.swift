import Blocks
import Foundation
import StoreConformance
import Testing
import Transfer

@testable import LocalDirectory

/// What is found after a process stopped at some point, made by hand.
@Suite struct CrashTests {
    private let directory = TemporaryDirectory()
    private let path = try! BlobPath(BlobName("2024-01-15/ABC.dat"))

    /// Leaves what a process leaves that stops after it placed the metadata, before the data.
    private func leaveMetadataOnly(_ session: Session, id: String, at stamp: Stamp) throws {
        let folder = try session.folder(path.folders, in: session.metadata)
        let record = try session.temporary.makeFile()
        try record.write(MetadataRecord(.message(id: id)).text)
        try session.placement.place(record, as: stamp.metadataName(of: path.name), in: folder)
    }

    @Test func showsNothingWhereThereIsOnlyMetadata() async throws {
        do {
            try leaveMetadataOnly(try directory.session(), id: "DEAD", at: Stamp(seconds: 1, nanoseconds: 2))
        }
        #expect(try await directory.store().look() == nil)
    }

    @Test func anotherMessageTakesTheNameThatHasOnlyMetadata() async throws {
        do {
            try leaveMetadataOnly(try directory.session(), id: "DEAD", at: Stamp(seconds: 1, nanoseconds: 2))
        }
        let store = directory.store()
        try await store.create(.message(id: "ALIVE"), "abc")
        #expect(try await store.look()?.id == "ALIVE")
    }

    @Test(arguments: [0, 1, 3, 5])
    func metadataNeverPassesToAnotherMessageOfTheSameTime(taken: Int) async throws {
        let stamp = Stamp(seconds: 1_700_000_000, nanoseconds: 5)
        let session = try directory.session()
        // The times that are tried one after the other.
        var tried = stamp
        for step in [1, 1_000, 1_000_000, 2_000_000_000, 2_000_000_000].prefix(taken) {
            try leaveMetadataOnly(session, id: "DEAD", at: tried)
            tried = tried.earlier(byNanoseconds: step)
        }
        let file = try session.temporary.makeFile()
        try file.write(Array("abc".utf8))
        _ = try file.stamp(stamp)
        try session.place(file, as: .message(id: "ALIVE"), at: path)
        #expect(try session.look(at: path)?.id == "ALIVE")
        let status = try #require(try session.folder(path.folders, in: session.root).status(of: path.name))
        #expect(Stamp(status.st_mtim) == tried)
    }

    @Test func writersThatCameTooLateLeaveNothing() async throws {
        let store = directory.store()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<160 {
                group.addTask {
                    let blob = BlobDescription.message("2024-01-15/\(number / 16).dat", id: "ID\(number)")
                    _ = await failure { () throws(Failure) in try await store.create(blob, "abc") }
                }
            }
        }
        #expect(directory.names().count == 10)
        #expect(directory.files().count == 21)
    }

    @Test(arguments: [Placement.rename, .link])
    func aStoredBlobHasOneNameAndNothingTemporary(placement: Placement) async throws {
        let directory = TemporaryDirectory(placements: [placement])
        let store = directory.store()
        try await store.create(.message("a"), "abc")
        let staged = try await store.stage(BlobName("b"))
        try await staged.stage(Block("abc"), index: 0, offset: 0, Attempt(operation: 1))
        try await staged.commit(.message("b"), blockCount: 1, length: 3, Attempt(operation: 2))
        #expect(
            directory.files().filter { !$0.hasPrefix(".poll-mesh-inbox/metadata/") }.sorted()
                == [".poll-mesh-inbox/in-use.lock", "a", "b"]
        )
        let root = try directory.session().root
        #expect(try root.status(of: "a")?.st_nlink == 1)
        #expect(try root.status(of: "b")?.st_nlink == 1)
    }

    @Test func aCommitThatIsTriedAgainAfterItPlacedTheFileFindsItThere() async throws {
        let store = directory.store()
        let staged = try await store.stage(BlobName("a"))
        try await staged.stage(Block("abc"), index: 0, offset: 0, Attempt(operation: 1))
        try await staged.commit(.message("a"), blockCount: 1, length: 3, Attempt(operation: 2))
        #expect(await staged.failureToCommit(.message("a"), length: 3)?.kind == .alreadyExists)
        await staged.abandon()
        #expect(directory.content(of: "a") == Array("abc".utf8))
    }

    @Test func aLinkWhoseAnswerWasLostIsFoundToBeOurs() throws {
        let session = try #require(try Session.open(directory.root, placements: [.link]))
        let file = try session.temporary.makeFile()
        #expect(link(file.path, directory.path("a")) == 0)
        try session.placement.place(file, as: "a", in: session.root)
        #expect(file.isPlaced)
        let other = try session.temporary.makeFile()
        #expect { try session.placement.place(other, as: "a", in: session.root) } throws: {
            ($0 as? SystemError)?.code == EEXIST
        }
    }

    @Test func prepareRemovesTemporaryFilesOfStoppedProcesses() async throws {
        try directory.write("half", to: ".poll-mesh-inbox/tmp/dead-1")
        try await directory.store().prepare()
        #expect(!directory.exists(".poll-mesh-inbox/tmp/dead-1"))
    }

    @Test func prepareLeavesTheFilesOfAProcessThatIsAlive() async throws {
        let alive = directory.store()
        let staged = try await alive.stage(BlobName("a"))
        try await staged.stage(Block("abc"), index: 0, offset: 0, Attempt(operation: 1))
        try directory.write("void", to: ".poll-mesh-inbox/metadata/2024-01-15/ABC.dat.1-000000002.json")
        try await directory.store().prepare()
        #expect(directory.exists(".poll-mesh-inbox/metadata/2024-01-15/ABC.dat.1-000000002.json"))
        try await staged.commit(.message("a"), blockCount: 1, length: 3, Attempt(operation: 2))
        #expect(directory.content(of: "a") == Array("abc".utf8))
    }

    @Test func prepareRemovesMetadataOfFoldersThatWereEmptied() async throws {
        do {
            let store = directory.store()
            for name in ["p/d1/A.dat", "p/d1/B.dat", "p/d2/A.dat", "p/d3/A.dat", "p/d3/B.dat"] {
                try await store.create(.message(name), "abc")
            }
        }
        try directory.remove("p/d1")
        try directory.remove("p/d2/A.dat")
        try directory.remove("p/d3/A.dat")
        let store = directory.store()
        try await store.prepare()
        #expect(try await store.look("p/d3/B.dat")?.id == "ID1")
        #expect(!directory.exists(".poll-mesh-inbox/metadata/p/d1"))
        #expect(!directory.exists(".poll-mesh-inbox/metadata/p/d2"))
        #expect(directory.files().filter { $0.hasPrefix(".poll-mesh-inbox/metadata/p/d3/") }.count == 2)
    }

    @Test func aFileOfSomebodyElseHasNoMetadata() async throws {
        let store = directory.store()
        try directory.write("foreign", to: "2024-01-15/ABC.dat")
        let properties = try await store.look()
        #expect(properties == BlobProperties(length: 7, metadata: BlobMetadata(sortedEntries: [])))
        #expect(
            await failure { () throws(Failure) in try await store.create(.message(), "abc") }?.kind == .alreadyExists
        )
    }

    @Test func aFileThatWasChangedHasNoMetadata() async throws {
        let store = directory.store()
        try await store.create(.message(), "abc")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1)],
            ofItemAtPath: directory.path("2024-01-15/ABC.dat")
        )
        #expect(try await store.look() == BlobProperties(length: 3, metadata: BlobMetadata(sortedEntries: [])))
    }

    @Test(arguments: ["", "{", "[]", "{\"metadata\":{\"a\":1},\"contentType\":\"x\"}", "\u{0}"])
    func aFileWithDamagedMetadataHasNone(text: String) async throws {
        let store = directory.store()
        try await store.create(.message(), "abc")
        let record = try #require(directory.files().first { $0.hasPrefix(".poll-mesh-inbox/metadata/") })
        try directory.write(text, to: record)
        #expect(try await store.look()?.metadata.entries == [])
    }

    @Test func aFileThatLostItsEndKeepsItsMetadata() async throws {
        let store = directory.store()
        try await store.create(.message(), "abc")
        let path = directory.path("2024-01-15/ABC.dat")
        let date = try #require(try directory.session().root.folder("2024-01-15").status(of: "ABC.dat"))
            .st_mtim
        #expect(truncate(path, 1) == 0)
        #expect(utimensat(AT_FDCWD, path, [date, date], 0) == 0)
        let properties = try await store.look()
        #expect(properties?.length == 1)
        #expect(properties?.id == "ID1")
    }
}
