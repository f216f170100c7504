import Glibc
import ProgramFixture
import TestServers
import Testing

/// The process is killed at every request of a run of mixed messages; the next run brings everything to its end.
@Suite(.timeLimit(.minutes(10))) struct CrashSweepTests {
    private struct Case: Sendable, CustomStringConvertible {
        var request: Int
        var moment: Victim.Moment
        var concurrency: Int

        var description: String { "request \(request), \(moment), CONCURRENCY=\(concurrency)" }
    }

    @Test(arguments: Stage.Place.allCases)
    func aKillAtAnyRequestLosesNothingAndStoresNothingTwice(_ place: Stage.Place) async throws {
        var cases: [Case] = []
        for concurrency in [1, 4] {
            let total = try await requests(place, concurrency)
            // Messages that are moved at once take turns as they like: a few requests more or less.
            for request in 1...total + 2 {
                for moment in Victim.Moment.allCases {
                    cases.append(Case(request: request, moment: moment, concurrency: concurrency))
                }
            }
        }
        try await sweep("SIGKILL at every request, \(place)", cases) { try await findings($0, place) }
    }

    /// The requests of an undisturbed run.
    private func requests(_ place: Stage.Place, _ concurrency: Int) async throws -> Int {
        let stage = try Stage(place, Message.mixed)
        try stage.placeForeignBlobs()
        let result = try await stage.run(["CONCURRENCY": "\(concurrency)"])
        #expect(result.status == 65, "\(result.account)")
        return stage.mesh.http.requests.count + stage.blobs.http.requests.count
    }

    private func findings(_ item: Case, _ place: Stage.Place) async throws -> Findings {
        let stage = try Stage(place, Message.mixed)
        try stage.placeForeignBlobs()
        let foreign = stage.stored
        let victim = Victim()
        stage.setFault(victim.kill(at: item.request, item.moment))
        let run = try stage.start(["CONCURRENCY": "\(item.concurrency)"])
        victim.isProcess(run.process)
        let killed = try await run.result()
        stage.setFault(nil)
        let wasReached = victim.requestCount >= item.request
        guard killed.ending.signal == (wasReached ? SIGKILL : nil) else {
            return ["the first run was not killed: \(killed.account)"]
        }
        return try await stage.findingsAfterRecovery(foreign: foreign)
    }
}

extension Stage {
    /// Lets the lease of a dead process run out, runs until all is done, and looks at everything.
    func findingsAfterRecovery(foreign: [Stored]) async throws -> Findings {
        clock.advance(by: 61)
        let recovery = try await run()
        guard recovery.status == 65, recovery.outcome == "invalid_left" else {
            return ["the next run failed: \(recovery.account)"]
        }
        var findings = findings(foreign: foreign)
        // An entry leaves the journal when a listing lacks it; an empty inbox costs no request to storage, hence one more.
        mesh.expire("ab")
        mesh.add(MESHMessage("ZZZ0001", text: "the last one"))
        let last = try await run()
        if last.status != 0 { findings.append("the last run failed: \(last.account)") }
        if journal != [] { findings.append("the journal still holds \(journal ?? ["what can't be read"])") }
        return findings
    }
}
