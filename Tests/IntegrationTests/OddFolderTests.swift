import Foundation
import ProgramFixture
import TestServers
import Testing

/// A folder with things in it that are no files, and limits on files: a clear line, the right status, and nothing acknowledged.
@Suite(.timeLimit(.minutes(2))) struct OddFolderTests {
    private let messages = [
        MESHMessage("ABC0001", [.bytes(sampleBytes(1 << 20))]), MESHMessage("ABC0002", text: "small"),
    ]

    @Test func aPipeInPlaceOfTheJournalIsAMatterOfSettings() async throws {
        try await withScene(messages, place: .directory) { scene in
            let folder = scene.folder.file("messages/.poll-mesh-inbox")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let journal = "\(folder)/\(Scene.mailbox.id).json"
            try #require(mkfifo(journal, 0o600) == 0)
            let run = try await scene.run([], limit: .seconds(60))
            run.expectStatus(78)
            run.expectOneError("run ended early", naming: [journal, "it is a named pipe"])
            #expect(scene.mesh.waiting().count == 2)
        }
    }

    /// A program whose files have at most that many blocks of 512 bytes.
    private func limited(to blocks: Int) throws -> Program {
        var program = try Program()
        program.launcher = ["/bin/sh", "-c", "ulimit -f \(blocks) && exec \"$@\"", "sh"]
        return program
    }

    /// The signal for it, SIGXFSZ, ends a process that neither blocks nor ignores it.
    @Test func aLimitOnTheSizeOfFilesEndsNoProcess() async throws {
        let run = try await limited(to: 0).command(["settings"])
        #expect(run.status != nil)
        #expect(run.output == "")
    }

    @Test func aLimitOnTheSizeOfFilesConcernsTheLargeMessageOnly() async throws {
        try await withScene(messages, place: .directory) { scene in
            let run = try await scene.run([], program: limited(to: 512))
            run.expectStatus(75)
            let failed = run.lines("message failed and stays in the inbox")
            #expect(failed.map(\.errorType) == ["EFBIG"])
            #expect(failed.first?.explanation.contains("ulimit -f") == true)
            #expect(scene.names.count == 1)
            #expect(scene.mesh.waiting().count == 1)
        }
    }

    @Test func messagesAreForTheirOwnerAlone() async throws {
        try await withScene(messages, place: .directory) { scene in
            let run = try await scene.run()
            run.expectStatus(0)
            #expect(scene.names.count == 2)
            for name in scene.names {
                var status = stat()
                #expect(stat(scene.folder.file("messages/\(name)"), &status) == 0)
                #expect(status.st_mode & 0o777 == 0o600)
            }
        }
    }
}
