import Foundation
import ProgramFixture
import TestServers
import Testing

/// A run ends in time, and says how it went, whatever does not answer: after SIGTERM within the grace period, else by its
/// deadline, and a second. Nothing here shortens how long a transfer may stand still, which is a minute.
@Suite(.serialized, .timeLimit(.minutes(10))) struct TimeLimitTests {
    enum End: Sendable, CaseIterable {
        case signal
        case deadline

        /// What is promised, and what a busy machine may take beside it.
        var limit: Duration { (self == .signal ? .seconds(2 + 1) : .seconds(3 + 1)) + .seconds(8) }

        var settings: [String: String?] {
            self == .signal ? ["GRACE_PERIOD": "2s"] : ["RUN_DEADLINE": "3s"]
        }
    }

    private static let large = sampleBytes(9 << 20)
    private static let messages = [MESHMessage("ABC0001", text: "small"), MESHMessage("LRG0001", [.bytes(large)])]
    private static let contents = ["ABC0001": [Array("small".utf8)], "LRG0001": [large]]

    @Test(arguments: StalledRequest.Way.allCases, End.allCases)
    func aRunEndsInTimeWhateverStalls(way: StalledRequest.Way, end: End) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for stalled in StalledRequest.allCases {
                group.addTask { try await Self.expectAnEndInTime(stalled, way, end) }
            }
            try await group.waitForAll()
        }
    }

    private static func expectAnEndInTime(
        _ stalled: StalledRequest,
        _ way: StalledRequest.Way,
        _ end: End
    ) async throws {
        try await withCollectorAndIdentity { scene, tokens, collector in
            let signal = ProcessSignal()
            let arrived = Turns()
            let hook: @Sendable () -> HTTPServer.FaultHook = {
                stalled.hook(way) {
                    _ = arrived.next()
                    if end == .signal { await signal.send(SIGTERM) }
                }
            }
            for server in [scene.mesh.http, scene.store.http, tokens.http, collector] { server.setFault(hook()) }
            var changes = try end.settings.merging(scene.settings(.clientSecret, tokens)) { $1 }
            changes["BUFFER_MEMORY"] = "8Mi"
            changes["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.baseURL
            let name: Comment = "\(stalled.rawValue), \(way.rawValue), \(end)"
            let start = ContinuousClock.now
            let run: JobRun
            do {
                run = try await scene.run([], changes, limit: .seconds(20), started: signal.isFor)
            } catch {
                Issue.record(error, name)
                #expect(arrived.count > 0, name)
                return
            }
            #expect(arrived.count > 0, name)
            #expect(ContinuousClock.now - (signal.instant ?? start) < end.limit, name)
            #expect(stalled.statuses(way, end).contains(run.status), "\(name): \(run.summary.source)")
            scene.expectNothingWrong(contents)
        }
    }

    /// A stop and a deadline are heard between pages too.
    @Test(arguments: End.allCases) func pagesWithoutEndEndInTime(end: End) async throws {
        try await withScene(Self.messages) { scene in
            let signal = ProcessSignal()
            scene.mesh.http.setFault { request in
                guard request.isA(.listing) else { return nil }
                return end == .signal
                    ? .before { await signal.send(SIGTERM) }.and(.lie(.emptyPages)) : .lie(.emptyPages)
            }
            let start = ContinuousClock.now
            let run = try await scene.run([], end.settings, limit: .seconds(20), started: signal.isFor)
            #expect(ContinuousClock.now - (signal.instant ?? start) < end.limit)
            #expect(run.status == 143 || [69, 75].contains(run.status) || end == .deadline && run.status == 0)
        }
    }

    /// The last one is the probe that it writes beside the journal.
    @Test func aCheckIsStoppedToo() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for kind in [RequestKind.handshake, .listing, .createJournal] {
                group.addTask { try await Self.expectACheckIsStopped(at: kind) }
            }
            try await group.waitForAll()
        }
    }

    private static func expectACheckIsStopped(at kind: RequestKind) async throws {
        try await withScene { scene in
            let signal = ProcessSignal()
            let hook: HTTPServer.FaultHook = { request in
                request.isA(kind) ? .before { await signal.send(SIGTERM) }.and(.lie(.silence)) : nil
            }
            scene.mesh.http.setFault(hook)
            scene.store.http.setFault(hook)
            let settings = End.signal.settings
            let run = try await scene.run(["check"], settings, limit: .seconds(20), started: signal.isFor)
            run.expectStatus(143)
            let sent = try #require(signal.instant)
            #expect(ContinuousClock.now - sent < End.signal.limit)
        }
    }

    /// Runs with a mailbox, storage that takes the tokens of an identity, and a collector.
    private static func withCollectorAndIdentity(
        _ run: (Scene, StrictTokenServer, HTTPServer) async throws -> Void
    ) async throws {
        let collector = try HTTPServer(direct: { _ in HTTPServer.Response(200, body: .text("{}")) })
        defer { collector.stop() }
        try await withIdentity(messages) { scene, tokens in try await run(scene, tokens, collector) }
    }
}

extension StalledRequest {
    /// What a run may end with.
    fileprivate func statuses(_ way: Way, _ end: TimeLimitTests.End) -> Set<Int32> {
        var statuses: Set<Int32> = end == .signal ? [143] : [0, 69, 75]
        // Whoever closes the connection to a flood may be through with all tries before the signal is heard.
        if way == .endless { statuses.formUnion([69, 75, 77]) }
        if isAtTheEnd { statuses.insert(0) }
        return statuses
    }
}
