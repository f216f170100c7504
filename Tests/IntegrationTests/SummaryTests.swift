import Foundation
import ProgramFixture
import TestServers
import Testing

/// What the last line tells of a run.
struct SummaryTests {
    @Test func threeFailuresOfAThousandExplainThemselves() async throws {
        // Ids as the live MESH gives them, two hours ago, one a second.
        let start = time(nil) - 7_200
        let ids = (1...1_000).map {
            Self.utc("%Y%m%d%H%M%S", start + $0) + "123456_\(String(0xA00000 + $0, radix: 16).uppercased())"
        }
        var messages = ids.map { MESHMessage($0, text: "content") }
        messages[499] = MESHMessage(ids[499], [.gzip(Array("not gzip at all".utf8))])
        try await withScene(messages) { [messages] scene in
            scene.mesh.http.setFault { request in
                if request.target.hasSuffix(ids[99]) {
                    return .answer(
                        HTTPServer.Response(500, headers: ["X-Request-ID": "60f0fd05-2c6b-4d69-9f6c-7d1b2c1c8a11"])
                    )
                }
                return request.target.hasSuffix(ids[899]) ? .answer(HTTPServer.Response(410)) : nil
            }
            let run = try await scene.run([], ["RETRY_ATTEMPTS": "2", "BSO_CODE_SOURCE": "workflow-id"])
            run.expectStatus(75)
            let summary = run.summary
            #expect(summary.outcome == "incomplete")
            #expect(summary[number: "messages.listed"] == messages.count)
            #expect(summary[number: "messages.stored"] == 997)
            #expect(summary[number: "messages.failed"] == 2)
            #expect(summary[number: "messages.skipped"] == 1)
            #expect(summary[number: "inbox.remaining"] == 3)
            #expect(summary["inbox.oldest_waiting"] == Self.utc("%Y-%m-%dT%H:%M:%S.000Z", start + 100))
            let age = try #require(summary[number: "inbox.oldest_waiting_age_s"])
            #expect((7_100..<7_400).contains(age))
            #expect(summary[number: "retries"] == 1)
            let problems = try #require(summary[list: "problems"])
            let texts = problems.compactMap { if case .text(let text) = $0 { text } else { nil } }
            #expect(texts.count == 3)
            for (id, type) in [(ids[99], "http_500"), (ids[899], "http_410"), (ids[499], "gzip_damaged")] {
                #expect(texts.contains { $0.hasPrefix("\(id): \(type): ") }, "\(texts)")
            }
            #expect(summary[list: "problem_counts"]?.count == 3)
            #expect(run.complaints.count == 3)
            #expect(run.complaints.allSatisfy { $0["error.message"] != nil })
            try updateExample(run)
        }
    }

    private static func utc(_ format: String, _ seconds: Int) -> String {
        var (seconds, parts) = (seconds, tm())
        gmtime_r(&seconds, &parts)
        return String(unsafeUninitializedCapacity: 64) { bytes in
            bytes.withMemoryRebound(to: CChar.self) { strftime($0.baseAddress!, $0.count, format, &parts) }
        }
    }

    /// Puts what is worth reading of the log into the runbook, where that is asked for.
    private func updateExample(_ run: JobRun) throws {
        guard Place.variable("UPDATE_DOCUMENTS") == "1" else { return }
        let path = "\(Place.root)/docs/operations.md"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let start = try #require(text.firstRange(of: "<!-- example -->\n")).upperBound
        let end = try #require(text.firstRange(of: "<!-- /example -->")).lowerBound
        let lines = (run.complaints + [run.summary]).map { $0.source + "\n" }.joined()
            .replacing(#/127\.0\.0\.1:\d+/#, with: "mesh-sync.spineservices.nhs.uk")
        try (text[..<start] + "```json\n\(lines)```\n" + text[end...])
            .write(toFile: path, atomically: true, encoding: .utf8)
    }

    @Test func whatIsLeftIsCountedWhenNothingIsStarted() async throws {
        try await withScene((1...7).map { MESHMessage("ABC000\($0)", text: "content") }) { scene in
            scene.store.http.setFault { _ in .answer(StrictBlobServer.answer(403, code: "AuthorizationFailure")) }
            let run = try await scene.run()
            run.expectStatus(77)
            #expect(run.summary[number: "inbox.remaining"] == 7)
            #expect(run.summary["storage.request_id"] != nil)
            #expect(run.lines("run ended early").first?["storage.request_id"] != nil)
        }
    }

    @Test func aDryRunLeavesEverything() async throws {
        try await withScene((1...7).map { MESHMessage("ABC000\($0)", text: "content") }) { scene in
            let run = try await scene.run(["--dry-run"])
            run.expectStatus(0)
            #expect(run.summary[number: "inbox.remaining"] == 7)
        }
    }

    @Test func secondsOfEveryPhaseAreTold() async throws {
        try await withScene([MESHMessage("ABC0001", text: "content")]) { scene in
            let run = try await scene.run()
            for phase in ["handshake", "list", "lease", "journal", "download", "store", "acknowledge"] {
                #expect(run.summary[double: "phase.\(phase)_s"] != nil, "\(phase)")
            }
            #expect(run.summary[double: "phase.wait_s"] == nil)
        }
    }

    @Test func manyFailuresFitTheTerminationMessage() async throws {
        let messages = (1...300).map { number in
            MESHMessage("A\u{e9}\(number)" + String(repeating: "x", count: 200), text: "content")
        }
        try await withScene(messages) { scene in
            let run = try await scene.run([], ["BSO_CODE_SOURCE": "local-id"])
            run.expectStatus(65)
            #expect(run.summary[list: "problems"]?.count == 5)
            #expect(run.summary[list: "problem_counts"] == [.text("bso_code: 300")])
            #expect(run.summary.source.utf8.count < 4096)
        }
    }

    @Test func everyLineOfARetryNamesTheMessageAndTheRun() async throws {
        try await withScene((1...3).map { MESHMessage("ABC000\($0)", text: "content") }) { scene in
            let first = FirstOfEach()
            scene.mesh.http.setFault { first.isFirst($0) ? .answer(HTTPServer.Response(503)) : nil }
            scene.store.http.setFault {
                first.isFirst($0) ? .answer(StrictBlobServer.answer(503, code: "ServerBusy")) : nil
            }
            let run = try await scene.run([], ["LOG_LEVEL": "debug"])
            run.expectStatus(0)
            let retries = run.lines("trying again")
            // Download, creation and acknowledgement of each.
            for id in 1...3 { #expect(retries.count { $0.messageID == "ABC000\(id)" } == 3) }
            #expect(Set(run.lines.map { $0["run.id"] }).count == 1)
            #expect(run.summary[double: "phase.wait_s"] != nil)
        }
    }
}
