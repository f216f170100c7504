import ProgramFixture
import TestServers
import Testing

/// What lasts longer than a failed request: servers that fall silent, a lease that somebody else took.
@Suite(.timeLimit(.minutes(10))) struct OutageTests {
    private static let messages: [Message] = (1...6).map { .plain("ABC000\($0)") }

    /// The first download, the first blob and the first acknowledgement are never answered: each is given up after a minute.
    @Test(arguments: Stage.Place.allCases)
    func requestsThatAreNeverAnsweredAreTriedAgain(_ place: Stage.Place) async throws {
        let stage = try Stage(place, Self.messages)
        let never = Gate()
        let seen = Once()
        stage.setFault { request in
            let kind: String? =
                if request.target.contains("/acknowledged") {
                    "acknowledgement"
                } else if request.target.contains("/inbox/") {
                    "download"
                } else if request.target.hasSuffix(".dat") {
                    "blob"
                } else {
                    nil
                }
            guard let kind, seen.isNew(kind) else { return nil }
            // Handled or not: the other side can't know.
            return kind == "download" ? .hang(never) : .hangAfterHandling(never)
        }
        let run = try await stage.run()
        #expect(run.status == 0, "\(run.account)")
        #expect(run.summary?[number: "retries"] == (place == .blobService ? 3 : 2))
        #expect(stage.findings() == [])
        if place == .blobService {
            let renewed = stage.log.events.count { event in
                if case .leased(_, _, "renew", _) = event { true } else { false }
            }
            #expect(renewed >= 2, "the lease was not renewed in a minute")
        }
    }

    /// The lease ends in mid-run and another run takes it: the first one stores and acknowledges nothing more.
    @Test func aRunThatLosesItsLeaseLeavesTheRestToTheNext() async throws {
        let messages: [Message] = (0..<30).map { .plain("ABC00\(10 + $0)") }
        // Two pages: the plan of the second one is written under a lease that is gone.
        var options = StrictMESHServer.Options()
        options.pageCap = 15
        let stage = try Stage(.blobService, messages, options: options)
        let (arrived, go) = (Gate(), Gate())
        let seen = Once()
        stage.mesh.http.setFault { request in
            guard request.target.contains("continue_from"), seen.isNew("page") else { return nil }
            return .before { arrived.open() }.and(.hang(go))
        }
        let first = try stage.start()
        await arrived.wait()
        stage.clock.advance(by: 61)
        let second = try await stage.run()
        #expect(second.status == 0, "\(second.account)")
        let stored = stage.stored.map(\.version)
        go.open()
        let result = try await first.result()
        #expect(result.status == 75, "\(result.account)")
        #expect(result.outcome == "lease_lost")
        #expect(stage.stored.map(\.version) == stored)
        #expect(stage.findings() == [])
    }
}
