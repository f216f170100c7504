import Foundation
import ProgramFixture
import TestServers
import Testing

/// P9: a signal starts no new message, lets those in flight finish, and the next run does the rest.
@Suite(.timeLimit(.minutes(10))) struct StopTests {
    private static let messages: [Message] = (1...12).map { .plain("ABC00\(10 + $0)") }

    @Test(arguments: Stage.Place.allCases, [SIGTERM, SIGINT])
    func whatIsInFlightFinishesAndNothingElseBegins(_ place: Stage.Place, _ signal: Int32) async throws {
        let stage = try Stage(place, Self.messages)
        let downloads = Downloads(holding: 4)
        stage.mesh.http.setFault(downloads.hook)
        let run = try stage.start(["CONCURRENCY": "4"])
        await downloads.arrived.wait()
        run.process.signal(signal)
        try await run.waitFor("stop asked for")
        downloads.go.open()
        let result = try await run.result()

        #expect(result.status == 143, "\(result.account)")
        expectSummary(of: result, stored: 4)
        #expect(stage.mesh.acknowledged().sorted() == Self.messages.prefix(4).map(\.id))
        #expect(Set(stage.stored.compactMap(\.messageID)) == Set(stage.mesh.acknowledged()))
        #expect(downloads.count == 4, "a message was begun after the signal")
        // All twelve were planned; who is not noted as acknowledged is looked for by the next run.
        #expect(stage.journal?.sorted() == Self.messages.map(\.id))
        try await expectRest(stage)
    }

    @Test(arguments: Stage.Place.allCases)
    func theGracePeriodEndsWhatHangs(_ place: Stage.Place) async throws {
        let stage = try Stage(place, Self.messages)
        let downloads = Downloads(holding: 4)
        stage.mesh.http.setFault(downloads.hook)
        let run = try stage.start(["CONCURRENCY": "4", "GRACE_PERIOD": "1s"])
        await downloads.arrived.wait()
        let start = ContinuousClock.now
        run.process.signal(SIGTERM)
        let result = try await run.result()
        let taken = ContinuousClock.now - start

        // A quarter of so short a time is kept for the journal and the lease.
        #expect(taken >= .milliseconds(700) && taken < .seconds(19), "\(taken)")
        #expect(result.status == 143, "\(result.account)")
        expectSummary(of: result, stored: 0)
        #expect(stage.mesh.acknowledged() == [])
        #expect(stage.stored.isEmpty)
        #expect(stage.journal?.sorted() == Self.messages.map(\.id))
        stage.setFault(nil)
        try await expectRest(stage)
    }

    /// A process with number 1 gets no signal that it has no handler for.
    @Test func aProcessThatIsNumberOneIsStoppedToo() async throws {
        let stage = try Stage(.blobService, Self.messages)
        let downloads = Downloads(holding: 4)
        stage.mesh.http.setFault(downloads.hook)
        let namespace = ["unshare", "--pid", "--fork", "--mount-proc"]
        let run = try stage.start(["CONCURRENCY": "4"], launcher: namespace)
        await downloads.arrived.wait()
        let id = run.process.id
        let children = try String(contentsOfFile: "/proc/\(id)/task/\(id)/children", encoding: .utf8)
        let program = try #require(Int32(children.trimmingCharacters(in: .whitespaces)))
        let status = try String(contentsOfFile: "/proc/\(program)/status", encoding: .utf8)
        #expect(status.contains(/NSpid:\t[0-9]+\t1\n/), "it is not number 1 of its namespace")
        kill(program, SIGTERM)
        try await run.waitFor("stop asked for")
        downloads.go.open()
        let result = try await run.result()

        #expect(result.status == 143, "\(result.account)")
        expectSummary(of: result, stored: 4)
        #expect(stage.mesh.acknowledged().count == 4)
        try await expectRest(stage)
    }

    /// A signal at any request: the lease is free afterwards, and what is stored is acknowledged.
    @Test(arguments: Stage.Place.allCases)
    func aSignalAtAnyRequestLeavesNothingHalfDone(_ place: Stage.Place) async throws {
        let counted = try Stage(place, Message.mixed)
        _ = try await counted.run(["CONCURRENCY": "2"])
        let total = counted.mesh.http.requests.count + counted.blobs.http.requests.count
        try await sweep("SIGTERM at every request, \(place)", Array(1...total)) { request in
            let stage = try Stage(place, Message.mixed)
            let victim = Victim()
            // The stage's first run.
            stage.setFault(
                victim.signal(SIGTERM, at: request) {
                    (stage.folder.text(of: "stdout-1") ?? "").contains("stop asked for")
                }
            )
            let run = try stage.start(["CONCURRENCY": "2"])
            victim.isProcess(run.process)
            let stopped = try await run.result()
            stage.setFault(nil)
            // A signal that comes with the last request may find nothing left to stop.
            guard stopped.status == 143 || stopped.status == 65 && request >= total - 2, stopped.summary != nil else {
                return ["the first run was not stopped: \(stopped.account)"]
            }
            let stored = Set(stage.stored.compactMap(\.messageID))
            var findings: Findings = []
            if stored != Set(stage.mesh.acknowledged()) { findings.append("what is stored is not acknowledged") }
            // No clock is moved: the lease must be free.
            let next = try await stage.run()
            if next.status != 65 { findings.append("the next run failed: \(next.account)") }
            return findings + stage.findings()
        }
    }

    @Test(arguments: Stage.Place.allCases)
    func theDeadlineStartsNoMoreMessages(_ place: Stage.Place) async throws {
        let messages: [Message] = (0..<100).map { .plain("ABC0\(100 + $0)") }
        let stage = try Stage(place, messages)
        stage.mesh.http.setFault { request in
            guard request.isDownload else { return nil }
            return .before { try? await Task.sleep(for: .milliseconds(40)) }
        }
        let run = try await stage.run(["CONCURRENCY": "1", "RUN_DEADLINE": "4s"])
        #expect(run.status == 0, "\(run.account)")
        #expect(run.outcome == "deadline")
        let stored = run.summary?[number: "messages.stored"] ?? 0
        #expect(stored > 0 && stored < messages.count)
        #expect(run.summary?[number: "messages.unstarted"] == messages.count - stored)
        #expect(stage.mesh.waiting().count == messages.count - stored)
        let next = try await stage.run()
        #expect(next.status == 0, "\(next.account)")
        #expect(stage.findings() == [])
    }

    private func expectSummary(of result: Run.Result, stored: Int) {
        #expect(result.outcome == "stopped")
        #expect(result.summary?[number: "messages.stored"] == stored)
        #expect(result.summary?[number: "messages.acknowledged"] == stored)
        #expect(result.termination == result.summary.map { $0.source + "\n" })
    }

    /// The next run finds the lease free, although no clock was moved, and does the rest.
    private func expectRest(_ stage: Stage) async throws {
        let next = try await stage.run()
        #expect(next.status == 0, "\(next.account)")
        #expect(next.outcome == "completed")
        #expect(stage.findings() == [])
    }
}

/// Holds the first downloads until a gate opens.
private final class Downloads: Sendable {
    let arrived = Gate()
    let go = Gate()
    private let held: Int
    private let seen = Count()

    init(holding held: Int) {
        self.held = held
    }

    var count: Int { seen.value }

    var hook: HTTPServer.FaultHook {
        { [self] request in
            guard request.isDownload else { return nil }
            let number = seen.add()
            guard number <= held else { return nil }
            if number == held { arrived.open() }
            return .hangAfterHandling(go)
        }
    }
}

extension HTTPServer.RequestContext {
    fileprivate var isDownload: Bool { method == "GET" && target.contains("/inbox/") }
}

extension Run {
    /// Waits until the log has a line with this sentence, or the process has ended.
    fileprivate func waitFor(_ sentence: String) async throws {
        while process.isRunning, !output.contains("\"msg\":\"\(sentence)\"") {
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}
