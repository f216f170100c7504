import Blocks
import Foundation
import StoreConformance
import Testing
import Transfer

@testable import LocalDirectory

/// File systems that are full or read-only, for real; mounting them needs root.
@Suite struct MountedTests {
    private let directory = TemporaryDirectory()

    private func run(_ command: String...) throws {
        let process = try Process.run(URL(fileURLWithPath: "/usr/bin/env"), arguments: command)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(command) failed; these tests mount a tmpfs, which needs root.")
    }

    private func withMount(_ options: String, _ body: () async throws -> Void) async throws {
        try directory.makeFolder("")
        try run("mount", "-t", "tmpfs", "-o", options, "tmpfs", directory.root)
        let result: Result<Void, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        try run("umount", "-l", directory.root)
        try result.get()
    }

    @Test func aFullDiskIsTransientAndLeavesNothing() async throws {
        try await withMount("size=128k") {
            let store = directory.store()
            let big = String(repeating: "x", count: 256 << 10)
            let failure = try #require(await failure { () throws(Failure) in try await store.create(.message(), big) })
            #expect(failure.kind == .transient)
            #expect(failure.type == "ENOSPC")
            #expect(failure.description.contains("Free some space"))
            #expect(directory.files() == [".poll-mesh-inbox/in-use.lock"])
            try await store.create(.message(), "small")
            #expect(directory.names() == ["2024-01-15/ABC.dat"])
        }
    }

    @Test func aBlockThatFindsTheDiskFullCanBeStagedAgain() async throws {
        try await withMount("size=128k") {
            let store = directory.store()
            let staged = try await store.stage(BlobName("a"))
            try await staged.stage(Block("abc"), index: 0, offset: 0, Attempt(operation: 1))
            try directory.write(String(repeating: "x", count: 100 << 10), to: "in-the-way")
            let block = Block(String(repeating: "y", count: 64 << 10))
            let full = try #require(
                await failure { () throws(Failure) in
                    try await staged.stage(block, index: 0, offset: 0, Attempt(operation: 1))
                }
            )
            #expect(full.type == "ENOSPC")
            #expect(await staged.failureToCommit(.message("a"), length: 3)?.kind == .stagedBlocksLost)
            try directory.remove("in-the-way")
            try await staged.stage(block, index: 0, offset: 0, Attempt(operation: 1, number: 2))
            try await staged.commit(.message("a"), blockCount: 1, length: 64 << 10, Attempt(operation: 2))
            #expect(directory.content(of: "a")?.count == 64 << 10)
        }
    }

    @Test func aDiskWithoutRoomForNamesIsTransient() async throws {
        try await withMount("nr_inodes=8") {
            let store = directory.store()
            try await store.prepare()
            let failure = try #require(
                await failure { () throws(Failure) in
                    for number in 0..<8 { try await store.create(.message("a\(number)"), "") }
                }
            )
            #expect(failure.kind == .transient)
            #expect(failure.type == "ENOSPC")
        }
    }

    @Test func aReadOnlyFolderIsAMatterOfSettings() async throws {
        try await withMount("size=1m") {
            try await directory.store().create(.message(), "abc")
            try run("mount", "-o", "remount,ro", directory.root)
            let store = directory.store()
            let failure = try #require(await failure { () throws(Failure) in try await store.prepare() })
            #expect(failure.kind == .settings)
            #expect(failure.type == "EROFS")
            #expect(failure.message.contains(directory.root))
        }
    }

    @Test func anEmptyReadOnlyFolderIsAMatterOfSettings() async throws {
        try await withMount("size=1m,ro") {
            let failure = try #require(await failure { () throws(Failure) in try await directory.store().prepare() })
            #expect(failure.kind == .settings)
            #expect(failure.type == "EROFS")
        }
    }

    @Test func aFolderOnAnotherFileSystemIsAMatterOfSettings() async throws {
        try await withMount("size=1m") {
            let store = directory.store(at: directory.path)
            let failure = try #require(
                await failure { () throws(Failure) in
                    try await store.create(.message("messages/ABC.dat"), "abc")
                }
            )
            #expect(failure.kind == .settings)
            #expect(failure.type == "EXDEV")
        }
    }
}
