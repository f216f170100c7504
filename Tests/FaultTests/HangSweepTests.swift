import ProgramFixture
import Testing

/// The file system does not come back from a call, as where a volume's server is away: the run ends in time all the same.
@Suite(.timeLimit(.minutes(10))) struct HangSweepTests {
    private struct Case: Sendable, CustomStringConvertible {
        var call: Int
        var name: String

        var description: String { "call \(call) (\(name))" }
    }

    @Test func aCallThatHangsEndsTheRunInTimeAndLosesNothing() async throws {
        let killer = try await CallKiller()
        // The termination message, the only one that is written so, is not of the folder.
        let cases = try await calls(killer).enumerated().filter { $0.element != "write" }
            .map { Case(call: $0.offset + 1, name: $0.element) }
        #expect(cases.count > 50)
        try await sweep("a hang at every call that changes the folder", cases, atOnce: 8) { item in
            let stage = try Stage(.directory, Message.mixed)
            var changes = killer.settings(hangAt: item.call)
            changes["RUN_DEADLINE"] = "2s"
            let start = ContinuousClock.now
            let hung = try await stage.start(changes, limit: .seconds(40)).result()
            let taken = ContinuousClock.now - start
            guard let status = hung.status else { return ["it did not end by itself: \(hung.account)"] }
            var findings: Findings = []
            // What is left to hang at, such as the removal of a file that was given up, may be in nobody's way.
            if ![65, 69, 75].contains(status) { findings.append("status \(status): \(hung.account)") }
            if taken > .seconds(20) { findings.append("it took \(taken)") }
            return try await findings + stage.findingsAfterRecovery(foreign: [])
        }
    }

    private func calls(_ killer: CallKiller) async throws -> [String] {
        let stage = try Stage(.directory, Message.mixed)
        let file = stage.folder.file("calls")
        let result = try await stage.run(killer.settings(callsIn: file))
        #expect(result.status == 65, "\(result.account)")
        return (stage.folder.text(of: "calls") ?? "").split(separator: "\n").map { String($0.split(separator: " ")[1]) }
    }
}
