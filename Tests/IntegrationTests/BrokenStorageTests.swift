import Foundation
import ProgramFixture
import Synchronization
import TestServers
import Testing

/// Storage that refuses, is full, or can't be written: one clear line, the right status, and nothing acknowledged.
struct BrokenStorageTests {
    private let messages = (1...3).map { MESHMessage("ABC000\($0)", [.bytes(sampleBytes(1 << 20))]) }

    @Test func aWrongAccountKeyIsRefused() async throws {
        try await withScene(messages) { scene in
            let connection = scene.store.connectionString
            scene.store.update { $0.key = "YW5vdGhlciBrZXk=" }
            let run = try await scene.run([], ["AZURE_STORAGE_CONNECTION_STRING": connection])
            run.expectStatus(77)
            #expect(run.outcome == "refused")
            run.expectOneError("run ended early", naming: ["key of the account devstoreaccount1"])
            #expect(scene.mesh.waiting().count == 3)
        }
    }

    @Test func aContainerThatMayNotBeCreatedIsAMatterOfSettings() async throws {
        try await withScene(messages) { scene in
            scene.store.http.setFault { request in
                request.target.contains("restype=container")
                    ? .answer(StrictBlobServer.answer(403, code: "AuthorizationPermissionMismatch")) : nil
            }
            let run = try await scene.run([], ["AZURE_STORAGE_CONTAINER_NAME": "not-there"])
            run.expectStatus(78)
            run.expectOneError("run ended early", naming: ["Create the container not-there"])
            #expect(scene.mesh.waiting().count == 3)
        }
    }

    @Test func storageThatIsDownIsUnavailable() async throws {
        try await withScene(messages) { scene in
            scene.store.http.setFault { _ in .answer(StrictBlobServer.answer(503, code: "ServerBusy")) }
            let run = try await scene.run([], ["RETRY_ATTEMPTS": "2"])
            run.expectStatus(69)
            run.expectOneError("run ended early", naming: ["503"])
            #expect(scene.mesh.waiting().count == 3)
        }
    }

    @Test func storageThatHangsIsUnavailable() async throws {
        try await withScene(messages) { scene in
            let gate = Gate()
            scene.store.http.setFault { _ in .hang(gate) }
            let changes = ["STALL_TIMEOUT": "1s", "RETRY_ATTEMPTS": "1"]
            let run = try await scene.run([], changes, limit: .seconds(30))
            run.expectStatus(69)
            run.expectOneError("run ended early", naming: ["127.0.0.1", "did not answer in time", "STALL_TIMEOUT"])
            #expect(scene.mesh.waiting().count == 3)
        }
    }

    @Test func aSharedAccessSignatureThatIsRefusedIsNotShown() async throws {
        try await withScene(messages) { scene in
            let signature =
                "sv=2025-11-05&ss=b&srt=co&sp=rcwd&se=2099-01-01T00%3A00%3A00Z&sig=c2lnbmF0dXJlIG9m%2Bnobody%3D"
            let run = try await scene.run(
                [],
                [
                    "AZURE_STORAGE_CONNECTION_STRING": nil, "AZURE_STORAGE_ACCOUNT_URL": scene.store.endpoint,
                    "AZURE_STORAGE_SAS_TOKEN": signature,
                ]
            )
            run.expectStatus(77)
            run.expectOneError("run ended early", naming: ["Check the SAS", "2099-01-01"])
            #expect(scene.mesh.waiting().count == 3)
        }
    }

    @Test("Case 19: a lost 201 whose retry gets 409 is a success") func lostAnswersAndBusyAnswersOfStorageLoseNothing()
        async throws
    {
        // One is put, the other staged and committed.
        let small = MESHMessage("SML0001", text: "small")
        let large = MESHMessage("LRG0001", [.bytes(sampleBytes(5 << 20))])
        try await withScene(messages + [small, large]) { scene in
            let tries = Mutex<[String: Int]>([:])
            scene.store.http.setFault { request in
                let number = tries.withLock { tries in
                    tries["\(request.method) \(request.target)", default: 0] += 1
                    return tries["\(request.method) \(request.target)"]
                }
                return switch number {
                case 1: .closeAfterHandling
                case 2: .answer(StrictBlobServer.answer(503, code: "ServerBusy"))
                default: nil
                }
            }
            let run = try await scene.run([], ["BUFFER_MEMORY": "8Mi"])
            run.expectStatus(0)
            #expect(scene.mesh.waiting().isEmpty)
            #expect(scene.names.count == 5)
            #expect(scene.content(run.names["LRG0001"] ?? "") == sampleBytes(5 << 20))
            for name in [run.names["SML0001"] ?? "", run.names["LRG0001"] ?? ""] {
                let answers = scene.creatingRequests.filter { $0.target.contains(name) }.map(\.status)
                #expect(answers.last == 409, "\(name): \(answers)")
            }
        }
    }

    @Test func aJournalThatIsNoneIsAMatterOfSettings() async throws {
        try await withScene(messages, place: .directory) { scene in
            try await scene.run().expectStatus(0)
            let journal = scene.folder.file("messages/.poll-mesh-inbox/X26ABC1.json")
            try Data("not a journal".utf8).write(to: URL(filePath: journal))
            scene.mesh.add(MESHMessage("ABC0009", text: "new"))
            let run = try await scene.run()
            run.expectStatus(78)
            run.expectOneError("run ended early", naming: ["journal", "X26ABC1.json"])
            #expect(scene.mesh.waiting() == ["ABC0009"])
        }
    }

    @Test(.tags(.needsRoot)) func aFullDiskLosesNothing() async throws {
        try await withScene(messages, place: .directory) { scene in
            let program = try mounted("size=512k", "", scene)
            let run = try await scene.run([], ["RETRY_ATTEMPTS": "2"], program: program)
            run.expectStatus(75)
            #expect(run.outcome == "incomplete")
            #expect(scene.mesh.waiting().count == 3)
            let failed = run.lines("message failed and stays in the inbox")
            #expect(failed.count == 3)
            #expect(failed.allSatisfy { $0.errorType == "ENOSPC" && $0.explanation.contains("Free some space") })
        }
    }

    @Test(.tags(.needsRoot)) func aFolderThatIsReadOnlyIsAMatterOfSettings() async throws {
        try await withScene(messages, place: .directory) { scene in
            let folder = scene.folder.file("messages")
            let program = try mounted("size=1m", "mount -o remount,ro \"$folder\" &&", scene)
            let run = try await scene.run([], program: program)
            run.expectStatus(78)
            run.expectOneError("run ended early", naming: [folder, "read-only"])
            #expect(scene.mesh.waiting().count == 3)
        }
    }

    @Test func aFileWhereTheFolderShouldBeIsAMatterOfSettings() async throws {
        try await withScene(messages, place: .directory) { scene in
            let run = try await scene.run([], ["STORAGE_DIRECTORY": "/etc/hostname"])
            run.expectStatus(78)
            run.expectOneError("run ended early", naming: ["/etc/hostname"])
            #expect(scene.mesh.waiting().count == 3)
        }
    }

    /// The program with a small file system where the scene's messages go; it is gone with the process.
    private func mounted(_ options: String, _ then: String, _ scene: Scene) throws -> Program {
        let folder = scene.folder.file("messages")
        return try Program().inNamespace(
            "folder='\(folder)'; mkdir -p \"$folder\" && mount -t tmpfs -o \(options) tmpfs \"$folder\" && \(then) exec \"$@\""
        )
    }
}
