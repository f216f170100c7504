import Glibc
import ProgramFixture
import Synchronization
import TestServers
import Testing

/// Two processes on one mailbox, as when a job is started by hand while the scheduled one runs.
@Suite(.timeLimit(.minutes(10))) struct TwoAtOnceTests {
    /// What one run is held before while another one comes and goes.
    enum Held: String, Sendable, CaseIterable {
        /// The answer to its first listing, which is stale when it arrives.
        case listing
        /// Its first request to storage, after a listing that is stale by now.
        case storage
    }

    private static let messages: [Message] = [
        .plain("ABC0001"), .plain("ABC0002"), .chunked("BIG0001", length: 2_500_000, chunks: 3), .compressed("GZP0001"),
        .report("REP0001"), .plain("ABC0003"), .plain("XYZ0001"),
    ]

    @Test(arguments: Stage.Place.allCases, Held.allCases)
    func aRunWithAStaleListingStoresNothingTwice(_ place: Stage.Place, _ held: Held) async throws {
        // A folder is no server whose answer could be held.
        if place == .directory, held == .storage { return }
        let stage = try Stage(place, Self.messages, options: Self.options(lag: 2))
        let (arrived, go) = (Gate(), Gate())
        let isFirst = Atomic(true)
        stage.setFault { request in
            let fits =
                switch held {
                case .listing: request.target.contains("/inbox?") || request.target.hasSuffix("/inbox")
                case .storage: request.target.hasPrefix("/devstoreaccount1")
                }
            guard fits, isFirst.exchange(false, ordering: .relaxed) else { return nil }
            return .hangAfterHandling(go).and(.before { arrived.open() })
        }
        let first = try stage.start()
        await arrived.wait()
        let second = try await stage.run()
        #expect(second.status == 0, "\(second.account)")
        #expect(stage.findings() == [])
        go.open()
        let result = try await first.result()
        #expect(result.status == 0, "\(result.account)")
        #expect(stage.findings() == [])
    }

    /// A run that finds the other one at work waits for it, up to 75 seconds, and then does what is left.
    @Test(arguments: Stage.Place.allCases)
    func randomStartsStoreNothingTwice(_ place: Stage.Place) async throws {
        let first = UInt64(ProgramFixture.Place.variable("START_SEED") ?? "") ?? .random(in: 0..<1_000_000)
        let count = ProgramFixture.Place.variable("START_SEED") == nil ? 50 : 1
        print("two at once, \(place): START_SEED=\(first) to \(first + UInt64(count) - 1)")
        let overlaps = Count()
        let cases = (0..<UInt64(count)).map { first + $0 }
        try await sweep("two at once, \(place)", cases, atOnce: 8) { seed in
            var random = SeededGenerator(seed: seed)
            let stage = try Stage(
                place,
                Self.messages,
                options: Self.options(lag: Int.random(in: 0...3, using: &random))
            )
            let delays = Delays(seed: seed)
            stage.setFault { _ in .before { await delays.pause() } }
            let one = try stage.start(["CONCURRENCY": "\(Int.random(in: 1...4, using: &random))"])
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...60, using: &random)))
            let two = try stage.start(["CONCURRENCY": "\(Int.random(in: 1...4, using: &random))"])
            if one.process.isRunning { overlaps.add() }
            let results = [try await one.result(), try await two.result()]
            var findings = stage.findings()
            for result in results where result.status != 0 { findings.append("a run failed: \(result.account)") }
            return findings
        }
        print("two at once, \(place): \(overlaps.value) of \(count) pairs overlapped")
    }

    /// Acknowledged messages are listed and handed out for a while, as at the sandbox.
    private static func options(lag: Int) -> StrictMESHServer.Options {
        var options = StrictMESHServer.Options()
        options.lag = lag
        options.servesAcknowledged = true
        return options
    }
}
