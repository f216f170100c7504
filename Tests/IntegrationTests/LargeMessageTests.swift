import Foundation
import ProgramFixture
import TestServers
import Testing

/// Memory does not grow with the size of a message (promise P5).
@Suite(.tags(.slow), .serialized) struct LargeMessageTests {
    private static let length = 1 << 30
    private static let pattern = sampleBytes(999_983)
    /// In MiB, of the whole process.
    private static let memoryLimit = 64

    private static let message = MESHMessage.repeating("BIG0001", pattern: pattern, length: length, chunks: 50)

    @Test("Case 29: a message of one gibibyte goes to blobs in little memory", arguments: [nil, "8Mi"])
    func aMessageOfOneGibibyteGoesToBlobsInLittleMemory(buffers: String?) async throws {
        var options = StrictBlobServer.Options()
        options.keepsContentsOnDisk = true
        try await withScene([Self.message], blobs: options) { scene in
            let run = try await measure(scene, ["BUFFER_MEMORY": buffers])
            let name = try #require(scene.names.first)
            let blob = try #require(scene.store.blob(name, in: "mesh-messages"))
            #expect(blob.length == Self.length)
            #expect(blob.sha256 == Self.sha256)
            #expect(blob.metadata["sha256"] == Self.sha256)
            #expect(run.stored.first?["blob.sha256"] == Self.sha256)
        }
    }

    @Test("Case 29: a message of one gibibyte goes to a folder in little memory", arguments: [nil, "8Mi"])
    func aMessageOfOneGibibyteGoesToAFolderInLittleMemory(buffers: String?) async throws {
        try await withScene([Self.message], place: .directory) { scene in
            _ = try await measure(scene, ["BUFFER_MEMORY": buffers])
            let stored = try await BlobService.contents(ofFolder: scene.folder.file("messages"))
            #expect(stored.map(\.length) == [Self.length])
            #expect(stored.map(\.sha256) == [Self.sha256])
        }
    }

    /// Polls, and looks at what the process had in memory at most.
    private func measure(_ scene: Scene, _ changes: [String: String?]) async throws -> JobRun {
        let (run, peak) = try await scene.measure(changes, limit: .seconds(300))
        run.expectStatus(0)
        #expect(scene.mesh.acknowledged() == ["BIG0001"])
        #expect(peak < Self.memoryLimit << 10, "\(peak) KiB")
        return run
    }

    /// The digest of the content, by sha256sum.
    private static let sha256 = "4e1f8b0a96e795c3057963ed4569f7db1611be87c1d3a6883fc997ffa8272033"
}
