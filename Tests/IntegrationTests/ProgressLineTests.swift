import Foundation
import ProgramFixture
import TestServers
import Testing

/// The line at the bottom of a terminal, in a real one.
struct ProgressLineTests {
    private let messages = (1...40).map { MESHMessage("ABC\(1000 + $0)", [.bytes(sampleBytes(50_000))]) }

    @Test func aTerminalShowsHowFarItIsAndNothingOfThatInTheEnd() async throws {
        try await withScene(messages) { scene in
            let gate = Gate()
            scene.mesh.http.setFault { request in
                request.target.hasSuffix("/inbox/ABC1030") ? .hangAfterHandling(gate) : nil
            }
            let terminal = try await Terminal(width: 110, height: 60)
            try await terminal.run(try Place.binary(), scene.settings.merging(["CONCURRENCY": "1"]) { $1 })
            let during = try await terminal.screen { $0.contains("29 of 40 messages") }
            let last = during.split(separator: "\n").last ?? ""
            #expect(last.contains(/^29 of 40 messages, 1\.4 MiB, [\d,]+ messages\/s, .+\/s, .+ left$/), "\(during)")
            #expect(during.contains("message stored"))

            gate.open()
            let after = try await terminal.screen { $0.contains("ended with status") }
            #expect(!after.contains("of 40 messages"), "\(after)")
            #expect(after.contains(" INFO run finished "))
            #expect(after.contains("ended with status 0"))
            // Each line of the log begins in the first column.
            let lines = after.split(separator: "\n").filter { $0.contains("INFO") }
            #expect(lines.allSatisfy { $0.starts(with: #/\d\d:\d\d:\d\d INFO /#) }, "\(after)")
        }
    }

    @Test(arguments: ["text", "json"]) func noTerminalShowsNone(format: String) async throws {
        try await withScene(messages) { scene in
            var settings = scene.settings.merging(["LOG_FORMAT": format, "TERM": "xterm-256color"]) { $1 }
            settings["TERMINATION_MESSAGE_PATH"] = scene.folder.file("termination")
            let run = try await Program().command([], settings)
            #expect(run.status == 0)
            #expect(!run.output.contains("\u{1b}") && !run.output.contains("\r"))
            #expect(!run.output.contains("of 40 messages"))
            let message = try JSONLine(scene.folder.text(of: "termination") ?? "")
            #expect(message.outcome == "completed")
        }
    }
}
