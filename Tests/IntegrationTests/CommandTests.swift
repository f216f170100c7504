import ProgramFixture
import TestServers
import Testing

/// What an operator types beside the poll itself.
struct CommandTests {
    private let secrets = ["MESH_PASSWORD": "secret-password", "MESH_SHARED_KEY": "secret-shared-key"]

    @Test func versionPrintsTheProgramAndItsLibraries() async throws {
        let run = try await Program().command(["--version"], secrets)
        #expect(run.status == 0)
        #expect(run.output.contains(/^poll-mesh-inbox \d+\.\d+\.\d+/))
        let words = run.output.split(whereSeparator: \.isWhitespace)
        for library in ["libcurl", "OpenSSL", "zlib", "Swift", "glibc"] {
            #expect(words.count { $0.hasPrefix("\(library)/") } == 1, "\(library)")
        }
        #expect(run.errorOutput == "")
    }

    @Test(arguments: [["--help"], ["check", "--help"], ["settings", "--help"]])
    func helpIsAnAnswer(arguments: [String]) async throws {
        let run = try await Program().command(arguments, secrets)
        #expect(run.status == 0)
        #expect(run.output.contains("USAGE: poll-mesh-inbox"))
        #expect(run.errorOutput == "")
    }

    @Test(arguments: [["--nonsense"], ["nonsense"], ["check", "--dry-run"], ["settings", "--format", "yaml"]])
    func misuseEndsWithUsage(arguments: [String]) async throws {
        let run = try await Program().command(arguments, secrets)
        #expect(run.status == 64)
        #expect(run.output == "")
        #expect(run.errorOutput.contains("Usage: poll-mesh-inbox"))
        let word = arguments.last ?? ""
        #expect(run.errorOutput.contains(word.drop { $0 == "-" }), "\(run.errorOutput)")
    }

    @Test func settingsAreListedAsJSON() async throws {
        struct Setting: Decodable {
            var name: String
            var meaning: String
            var secret: Bool
        }
        let run = try await Program().command(["settings", "--format", "json"], secrets)
        #expect(run.status == 0)
        let settings = try decode([Setting].self, run.output)
        #expect(settings.count > 30)
        #expect(settings.allSatisfy { !$0.meaning.isEmpty })
        #expect(settings.filter(\.secret).map(\.name).contains("AZURE_STORAGE_CONNECTION_STRING"))

        let text = try await Program().command(["settings"], secrets)
        #expect(text.status == 0)
        for setting in settings { #expect(text.output.contains(setting.name)) }
    }

    @Test(arguments: Scene.Store.allCases) func checkProvesBothSidesAndMovesNothing(place: Scene.Store) async throws {
        try await withScene([MESHMessage("ABC0001", text: "data")], place: place) { scene in
            let run = try await scene.run(["check"])
            run.expectStatus(0)
            #expect(run.outcome == "ok")
            #expect(run.complaints.isEmpty)
            #expect(run.lines("check passed").count == (place == .blobService ? 13 : 9))
            #expect(scene.mesh.waiting() == ["ABC0001"])
            #expect(scene.names.isEmpty)
            // The probe was removed.
            let own = scene.store.blobs(in: "mesh-messages").map(\.name) + scene.folder.files(below: "messages")
            #expect(!own.contains { $0.contains("probe-") })
        }
    }

    @Test func checkNamesEverySideThatFails() async throws {
        try await withScene { scene in
            scene.mesh.http.setFault { _ in .answer(HTTPServer.Response(403)) }
            let connection = scene.store.connectionString
            scene.store.update { $0.key = "YW5vdGhlciBrZXk=" }
            let run = try await scene.run(["check"], ["AZURE_STORAGE_CONNECTION_STRING": connection])
            run.expectStatus(77)
            #expect(run.lines("check failed").map { $0["check"] }.contains("MESH lets us in"))
            #expect(run.lines("check failed").map { $0["check"] }.contains("storage is there"))
        }
    }

    @Test(arguments: Scene.Store.allCases) func aDryRunStoresAndAcknowledgesNothing(place: Scene.Store) async throws {
        let messages = [
            MESHMessage("ABC0001", text: "small"),
            MESHMessage("ABC0002", [.bytes(sampleBytes(9 << 20)), .gzip(gzip(sampleBytes(5 << 20)))]),
            MESHMessage("ABC0003", [.gzip(Array(gzip(sampleBytes(1000)).dropLast(3)))]),
        ]
        try await withScene(messages, place: place) { scene in
            let run = try await scene.run(["--dry-run"])
            run.expectStatus(65)
            #expect(run.lines("message downloaded").count == 2)
            #expect(run.summary[number: "bytes"] == 5 + 14 << 20)
            #expect(run.summary[number: "messages.stored"] == 0)
            #expect(scene.mesh.acknowledged().isEmpty)
            #expect(scene.names.isEmpty)
            #expect(scene.store.http.requests.isEmpty)
            #expect(scene.folder.files(below: "messages").isEmpty)
        }
    }
}
