import Foundation
import ProgramFixture
import TestServers
import Testing

/// Whole logs as they are meant to be, one for each way in which a run ends. `UPDATE_DOCUMENTS=1` writes them anew.
struct GoldenLogTests {
    private let messages = (1...2).map { MESHMessage("ABC000\($0)", text: "content \($0)") }
    private let invalid = MESHMessage("BAD0001", [.gzip(Array("not gzip".utf8))])

    /// Runs and compares, one message stored at a time. That the summary comes last is checked of every run.
    private func expectLog(
        _ name: String,
        status: Int32,
        _ arguments: [String] = [],
        _ changes: [String: String?] = [:],
        _ messages: [MESHMessage] = [],
        place: Scene.Store = .blobService,
        prepare: (Scene) -> Void = { _ in }
    ) async throws {
        try await withScene(messages, place: place) { scene in
            prepare(scene)
            let settings = ["CONCURRENCY": "1", "RETRY_ATTEMPTS": "2"].merging(changes) { $1 }
            let run = try await scene.run(arguments, settings)
            run.expectStatus(status)
            let log = run.lines.map { normalised($0.source, scene) + "\n" }.joined()
            let file = Place.script("Golden/\(name).jsonl")
            if Place.variable("UPDATE_DOCUMENTS") == "1" {
                try log.write(toFile: file, atomically: true, encoding: .utf8)
            } else {
                let expected = try String(contentsOfFile: file, encoding: .utf8)
                #expect(Self.unordered(log) == Self.unordered(expected), "\(log)")
            }
        }
    }

    /// A message begins while the one before is acknowledged, so that lines of two of them come in either order.
    private static func unordered(_ log: String) -> [Substring] {
        log.split(separator: "\n").sorted()
    }

    /// The line without what differs from run to run.
    private func normalised(_ line: String, _ scene: Scene) -> String {
        line.replacing(#/"time":"[^"]+"/#, with: "\"time\":\"TIME\"")
            .replacing(#/"service.version":"[^"]+"/#, with: "\"service.version\":\"VERSION\"")
            .replacing(#/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/#, with: "UUID")
            .replacing(#/"blob.sha256":"[^"]+"/#, with: "\"blob.sha256\":\"DIGEST\"")
            .replacing(#/127\.0\.0\.1(:| port )\d+/#, with: "HOST")
            .replacing(#/after \d+ ms/#, with: "after N ms")
            .replacing(#/"(duration_s|phase\.\w+_s|retry\.delay_s|requests)":[0-9.]+/#) { "\"\($0.output.1)\":N" }
            .replacing(#/"clock\.skew_s":-?[0-9]+/#, with: "\"clock.skew_s\":N")
            .replacing(#/\d{4}-\d\d-\d\d\/|\d{8}T\d{6}/#) { $0.output.hasSuffix("/") ? "DATE/" : "TIME" }
            .replacing(scene.folder.path, with: "FOLDER")
    }

    @Test(arguments: Scene.Store.allCases) func aGoodRun(place: Scene.Store) async throws {
        let name = place == .blobService ? "good" : "good-folder"
        try await expectLog(name, status: 0, [], [:], messages, place: place)
    }

    @Test func anEmptyInbox() async throws {
        try await expectLog("empty", status: 0)
    }

    @Test func aReport() async throws {
        try await expectLog("report", status: 0, [], [:], [.report("REP0001")])
    }

    @Test func aDryRun() async throws {
        try await expectLog("dry-run", status: 0, ["--dry-run"], [:], messages)
    }

    @Test func aCheck() async throws {
        try await expectLog("check", status: 0, ["check"])
    }

    @Test func aCheckThatFails() async throws {
        try await expectLog("check-failed", status: 77, ["check"]) { scene in
            scene.mesh.http.setFault { _ in .answer(HTTPServer.Response(403)) }
        }
    }

    @Test func aMalformedMessage() async throws {
        try await expectLog("invalid", status: 65, [], [:], messages + [invalid])
    }

    @Test func aMalformedMessageInQuarantine() async throws {
        try await expectLog("quarantined", status: 0, [], ["INVALID_MESSAGES": "quarantine"], messages + [invalid])
    }

    @Test func aMessageThatFails() async throws {
        try await expectLog("failed", status: 75, [], ["LOG_LEVEL": "debug"], messages) { scene in
            let headers: HTTPServer.Headers = ["X-Request-ID": "r-1"]
            scene.mesh.http.setFault { request in
                request.target.hasSuffix("/inbox/ABC0002") ? .answer(HTTPServer.Response(500, headers: headers)) : nil
            }
        }
    }

    @Test func aMessageThatIsNotAcknowledged() async throws {
        try await expectLog("not-acknowledged", status: 75, [], [:], messages) { scene in
            scene.mesh.http.setFault { request in
                request.target.hasSuffix("/ABC0002/status/acknowledged") ? .answer(HTTPServer.Response(503)) : nil
            }
        }
    }

    @Test func aMESHThatIsAway() async throws {
        try await expectLog("mesh-unavailable", status: 69) { scene in
            scene.mesh.http.setFault { _ in .answer(HTTPServer.Response(503)) }
        }
    }

    @Test func aStorageThatIsAway() async throws {
        try await expectLog("storage-unavailable", status: 69, [], [:], messages) { scene in
            scene.store.http.setFault { _ in .answer(StrictBlobServer.answer(503, code: "ServerBusy")) }
        }
    }

    @Test func aMESHThatRefuses() async throws {
        try await expectLog("mesh-refused", status: 77, [], ["MESH_PASSWORD": "wrong-password"])
    }

    @Test func aStorageThatRefuses() async throws {
        try await expectLog("storage-refused", status: 77, [], [:], messages) { scene in
            scene.store.http.setFault { _ in .answer(StrictBlobServer.answer(403, code: "AuthorizationFailure")) }
        }
    }

    @Test func settingsThatCantBeUsed() async throws {
        try await expectLog("settings", status: 78, [], ["CONCURRENCY": "many", "MESH_SHARED_KEY": nil])
    }

    @Test func settingsThatNameWhatIsNotThere() async throws {
        try await expectLog("misconfigured", status: 78, [], [:], messages) { scene in
            scene.store.http.setFault { _ in .answer(StrictBlobServer.answer(404, code: "ContainerNotFound")) }
        }
    }

    @Test func aCollectorThatIsAway() async throws {
        try await expectLog("metrics", status: 0, [], ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"])
    }
}
