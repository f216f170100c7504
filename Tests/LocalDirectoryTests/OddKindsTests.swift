import Blocks
import Foundation
import StoreConformance
import Testing
import Transfer

@testable import LocalDirectory

/// Pipes, sockets, devices, links and folders in place of files: none is waited for, followed, or written into.
@Suite(.timeLimit(.minutes(1))) struct OddKindsTests {
    private static let noFiles: [FileKind] = [.folder, .symbolicLink, .namedPipe, .socket, .device]
    private static let noFolders: [FileKind] = [.file, .symbolicLink, .namedPipe, .socket, .device]

    private let directory = TemporaryDirectory()

    private func expectOdd(
        _ failure: Failure?,
        _ kind: FileKind,
        at name: String,
        type: String = "not_a_file",
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(failure?.kind == .settings, sourceLocation: sourceLocation)
        #expect(failure?.type == type, sourceLocation: sourceLocation)
        #expect(failure?.message.contains(directory.path(name)) == true, sourceLocation: sourceLocation)
        #expect(failure?.message.contains("it is \(kind.words)") == true, sourceLocation: sourceLocation)
        #expect(directory.kind(name) == kind, sourceLocation: sourceLocation)
    }

    @Test(arguments: noFiles) func theStoresOwnLockHasToBeAFile(kind: FileKind) async throws {
        let name = ".poll-mesh-inbox/in-use.lock"
        try directory.make(kind, at: name)
        let store = directory.store()
        expectOdd(await failure { () throws(Failure) in try await store.prepare() }, kind, at: name)
    }

    @Test(arguments: noFiles) func aJournalsLockHasToBeAFile(kind: FileKind) async throws {
        let name = ".poll-mesh-inbox/X26ABC1.lock"
        try directory.make(kind, at: name)
        let store = directory.store()
        let taking = await failure { () throws(Failure) in
            _ = try await store.takeJournal(of: "X26ABC1", holder: "1", Attempt(operation: 1))
        }
        expectOdd(taking, kind, at: name)
    }

    @Test(arguments: noFiles) func aJournalHasToBeAFile(kind: FileKind) async throws {
        let name = ".poll-mesh-inbox/X26ABC1.json"
        try directory.make(kind, at: name)
        let store = directory.store()
        let journal = try #require(
            try await store.takeJournal(of: "X26ABC1", holder: "1", Attempt(operation: 1))
        )
        let reading = await failure { () throws(Failure) in _ = try await journal.read(Attempt(operation: 2)) }
        expectOdd(reading, kind, at: name)
    }

    @Test func aLinkToAJournalIsNotFollowed() async throws {
        try directory.write("{}", to: "elsewhere/journal")
        try directory.makeFolder(".poll-mesh-inbox")
        #expect(symlink(directory.path("elsewhere/journal"), directory.path(".poll-mesh-inbox/X26ABC1.json")) == 0)
        let store = directory.store()
        let reading = await failure { () throws(Failure) in _ = try await store.state("X26ABC1.json") }
        #expect(reading?.type == "not_a_file")
    }

    @Test(arguments: noFolders) func theStoresOwnFoldersHaveToBeFolders(kind: FileKind) async throws {
        for name in [".poll-mesh-inbox", ".poll-mesh-inbox/tmp", ".poll-mesh-inbox/metadata"] {
            let directory = TemporaryDirectory()
            try directory.make(kind, at: name)
            let store = directory.store()
            let preparing = await failure { () throws(Failure) in try await store.prepare() }
            #expect(preparing?.kind == .settings)
            #expect(preparing?.type == "not_a_folder")
            #expect(preparing?.message.contains("\(directory.path(name)): it is \(kind.words),") == true)
        }
    }

    @Test(arguments: noFolders) func aFolderOfBlobsHasToBeAFolder(kind: FileKind) async throws {
        try directory.make(kind, at: "2024-01-15")
        let store = directory.store()
        let creating = await failure { () throws(Failure) in try await store.create(.message(), "abc") }
        expectOdd(creating, kind, at: "2024-01-15", type: "not_a_folder")
        let looking = await failure { () throws(Failure) in _ = try await store.look() }
        expectOdd(looking, kind, at: "2024-01-15", type: "not_a_folder")
    }

    @Test(arguments: noFiles) func whatHasABlobsNameKeepsIt(kind: FileKind) async throws {
        try directory.make(kind, at: "2024-01-15/ABC.dat")
        let store = directory.store()
        let creating = await failure { () throws(Failure) in try await store.create(.message(), "abc") }
        #expect(creating?.kind == .alreadyExists)
        #expect(try await store.look()?.metadata.entries == [])
        let staged = try await store.stage(BlobName("2024-01-15/ABC.dat"))
        try await staged.stage(Block("abc"), index: 0, offset: 0, Attempt(operation: 1))
        #expect(await staged.failureToCommit(.message(), length: 3)?.kind == .alreadyExists)
        #expect(directory.kind("2024-01-15/ABC.dat") == kind)
        #expect(!directory.exists("elsewhere"))
    }

    @Test(arguments: noFiles) func metadataHasToBeAFile(kind: FileKind) async throws {
        let store = directory.store()
        try await store.create(.message(), "abc")
        let record = try #require(directory.files().first { $0.hasPrefix(".poll-mesh-inbox/metadata/") })
        try directory.remove(record)
        try directory.make(kind, at: record)
        expectOdd(await failure { () throws(Failure) in _ = try await store.look() }, kind, at: record)
    }

    @Test(arguments: [FileKind.file, .namedPipe, .socket, .device]) func theRootHasToBeAFolder(kind: FileKind)
        async throws
    {
        try directory.make(kind, at: "root")
        for path in [directory.path("root"), directory.path("root/below/it")] {
            let store = directory.store(at: path)
            expectOdd(
                await failure { () throws(Failure) in try await store.prepare() },
                kind,
                at: "root",
                type: "not_a_folder"
            )
        }
    }

    /// For what is put in place between a look and the opening.
    @Test func everyOpeningIsCareful() throws {
        try directory.makeFolder("folder")
        try directory.write("", to: "file")
        let root = try Folder(path: directory.root)
        let made = try root.makeFile("made")
        let opened = try root.file("file", O_RDONLY, action: "open")
        let folder = try root.folder("folder").descriptor
        for descriptor in [root.descriptor, made, opened, folder] {
            let flags = try flags(of: descriptor)
            #expect(flags & O_NONBLOCK != 0)
            #expect(flags & O_CLOEXEC != 0)
            // The operator's own links lead to the root.
            #expect((flags & O_NOFOLLOW != 0) == (descriptor !== root.descriptor))
        }
    }

    private func flags(of descriptor: Descriptor) throws -> Int32 {
        let info = try String(contentsOfFile: "/proc/self/fdinfo/\(descriptor.number)", encoding: .utf8)
        let line = try #require(info.split(separator: "\n").first { $0.hasPrefix("flags:") })
        return try #require(Int32(line.dropFirst(6).filter(\.isNumber), radix: 8))
    }
}
