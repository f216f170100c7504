import Foundation
import StoreConformance
import Testing
import Transfer

@testable import LocalDirectory

/// Roots that can't hold messages, and links that lead away.
@Suite struct RootTests {
    private let directory = TemporaryDirectory()

    private func failureToPrepare(_ path: String) async -> Failure? {
        await failure { () throws(Failure) in try await directory.store(at: path).prepare() }
    }

    @Test(arguments: ["", "/", "/a/b/c", "//a/./b/"])
    func createsTheRootAndItsParents(suffix: String) async throws {
        let store = directory.store(at: directory.root + suffix)
        try await store.create(.message(), "abc")
        #expect(
            FileManager.default.contents(atPath: directory.root + suffix + "/2024-01-15/ABC.dat") == Data("abc".utf8)
        )
    }

    @Test func followsALinkToTheRoot() async throws {
        try directory.makeFolder("real")
        try FileManager.default.createSymbolicLink(atPath: directory.path("link"), withDestinationPath: "real")
        try await directory.store(at: directory.path("link")).create(.message(), "abc")
        #expect(directory.exists("real/2024-01-15/ABC.dat"))
    }

    @Test(arguments: ["file", "file/below", "dangling", "dangling/below", "loop"])
    func refusesARootThatCantBeAFolder(name: String) async throws {
        try directory.write("", to: "file")
        try FileManager.default.createSymbolicLink(atPath: directory.path("dangling"), withDestinationPath: "missing")
        try FileManager.default.createSymbolicLink(atPath: directory.path("loop"), withDestinationPath: "loop")
        let failure = try #require(await failureToPrepare(directory.path(name)))
        #expect(failure.kind == .settings)
        #expect(failure.message.contains(directory.root))
        #expect(failure.advice != nil)
    }

    @Test func saysThatTheRootIsMissingAndCannotBeMade() async throws {
        let failure = try #require(await failureToPrepare("/proc/self/messages/below"))
        #expect(failure.kind == .settings)
        #expect(failure.type == "ENOENT")
        #expect(failure.message.contains("/proc/self/messages: it is missing, and its parent takes no folder"))
        #expect(failure.advice?.contains("STORAGE_DIRECTORY") == true)
    }

    @Test func refusesANameThatIsTooLongForTheFileSystem() async throws {
        let failure = try #require(await failureToPrepare(directory.path(String(repeating: "x", count: 256))))
        #expect(failure.kind == .settings)
        #expect(failure.type == "ENAMETOOLONG")
    }

    @Test func refusesAnEmptyPath() async throws {
        #expect(await failureToPrepare("")?.kind == .settings)
    }

    @Test func refusesAFileSystemThatCantPlaceWithoutReplacing() async throws {
        let store = TemporaryDirectory(placements: []).store()
        let failure = try #require(await failure { () throws(Failure) in try await store.prepare() })
        #expect(failure.kind == .settings)
        #expect(failure.type == "unfit_file_system")
        #expect(failure.message.hasSuffix("without replacing another one."))
    }

    @Test(arguments: [Placement.rename, .link])
    func choosesTheFirstPlacementThatWorks(placement: Placement) throws {
        let session = try #require(try Session.open(directory.root, placements: [placement, .rename, .link]))
        #expect(session.placement == placement)
        #expect(directory.files() == [".poll-mesh-inbox/in-use.lock"])
    }

    @Test(arguments: [".poll-mesh-inbox", ".poll-mesh-inbox/tmp", ".poll-mesh-inbox/metadata"])
    func followsNoLinkInPlaceOfItsOwnFolders(name: String) async throws {
        try directory.makeFolder("elsewhere")
        try directory.makeFolder(".poll-mesh-inbox")
        if name == ".poll-mesh-inbox" { try directory.remove(name) }
        try FileManager.default.createSymbolicLink(
            atPath: directory.path(name),
            withDestinationPath: directory.path("elsewhere")
        )
        #expect(await failureToPrepare(directory.root)?.kind == .settings)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path("elsewhere")) == [])
    }

    @Test func followsNoLinkBelowTheRoot() async throws {
        let outside = TemporaryDirectory()
        try outside.makeFolder("")
        try directory.makeFolder("")
        try FileManager.default.createSymbolicLink(
            atPath: directory.path("2024-01-15"),
            withDestinationPath: outside.root
        )
        let store = directory.store()
        let failure = try #require(await failure { () throws(Failure) in try await store.create(.message(), "abc") })
        #expect(failure.kind == .settings)
        #expect(failure.message.contains(directory.path("2024-01-15")))
        #expect(outside.files() == [])
    }

    @Test func writesNothingThroughALinkOfTheBlobsName() async throws {
        try directory.makeFolder("2024-01-15")
        let outside = TemporaryDirectory()
        try FileManager.default.createSymbolicLink(
            atPath: directory.path("2024-01-15/ABC.dat"),
            withDestinationPath: outside.root
        )
        let store = directory.store()
        #expect(
            await failure { () throws(Failure) in try await store.create(.message(), "abc") }?.kind == .alreadyExists
        )
        #expect(try await store.look()?.metadata.entries == [])
        #expect(!FileManager.default.fileExists(atPath: outside.root))
    }

    @Test func aFolderOfTheBlobsNameIsThere() async throws {
        try directory.makeFolder("2024-01-15/ABC.dat")
        let store = directory.store()
        #expect(
            await failure { () throws(Failure) in try await store.create(.message(), "abc") }?.kind == .alreadyExists
        )
        #expect(try await store.look()?.metadata.entries == [])
    }

    @Test func startsNothingInACancelledTask() async throws {
        let store = directory.store()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await failure { () throws(Failure) in try await store.create(.message(), "abc") }
        }
        #expect(await task.value?.kind == .cancelled)
        #expect(!directory.exists(""))
    }
}
