import Foundation
import ProgramFixture
import TestServers
import Testing

/// A log that nobody reads holds up nothing but itself.
@Suite(.timeLimit(.minutes(2))) struct UnreadLogTests {
    private let messages = (1...20).map { MESHMessage("ABC\(1000 + $0)", text: "content \($0)") }

    /// Runs the program with a stdout that is full.
    private func run(
        _ scene: Scene,
        _ changes: [String: String] = [:],
        started: @Sendable (ChildProcess) -> Void = { _ in }
    ) async throws -> (status: Int32?, summary: JSONLine) {
        var program = try Program()
        program.launcher = [try Place.python(), Place.script("unread_pipe.py")]
        var settings = scene.settings.merging(changes) { $1 }
        settings["TERMINATION_MESSAGE_PATH"] = scene.folder.file("termination")
        let run = try await program.command([], settings, limit: .seconds(30), started: started)
        return (run.status, try JSONLine(scene.folder.text(of: "termination") ?? ""))
    }

    @Test func messagesAreMovedAllTheSame() async throws {
        try await withScene(messages) { scene in
            let (status, summary) = try await run(scene)
            #expect(status == 0)
            #expect(summary[number: "messages.acknowledged"] == 20)
            #expect(scene.mesh.waiting().isEmpty)
        }
    }

    @Test func aStopEndsTheRunInTime() async throws {
        try await withScene(messages) { scene in
            let signal = ProcessSignal()
            scene.mesh.http.setFault { request in
                guard request.isA(.download) else { return nil }
                return .before { await signal.send(SIGTERM) }.and(.lie(.silence))
            }
            let (status, summary) = try await run(scene, ["GRACE_PERIOD": "2s"], started: signal.isFor)
            let sent = try #require(signal.instant)
            #expect(ContinuousClock.now - sent < .seconds(2 + 1 + 8))
            #expect(status == 143)
            #expect(summary.outcome == "stopped")
        }
    }
}
