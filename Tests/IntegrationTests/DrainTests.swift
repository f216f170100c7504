import ProgramFixture
import TestServers
import Testing

/// Whole inboxes, against the strict servers.
struct DrainTests {
    @Test(arguments: Scene.Store.allCases) func emptyMessagesAndChunksArrive(place: Scene.Store) async throws {
        let first = sampleBytes(1000)
        let second = sampleBytes(70_000, seed: 2)
        let messages = [
            MESHMessage("EMP0001", [.bytes([])]),
            MESHMessage("EMP0002", [.gzip(gzip([]))]),
            MESHMessage("EMP0003", [.bytes([]), .bytes([])]),
            MESHMessage("HOL0001", [.bytes([]), .bytes(first), .bytes([]), .gzip(gzip(second)), .gzip(gzip([]))]),
            // Several members in one chunk, as some senders write them.
            MESHMessage("MEM0001", [.gzip(gzip(first) + gzip([]) + gzip(second)), .bytes(first)]),
        ]
        let expected: [String: [UInt8]] = [
            "EMP0001": [], "EMP0002": [], "EMP0003": [], "HOL0001": first + second, "MEM0001": first + second + first,
        ]
        try await withScene(messages, place: place) { scene in
            let run = try await scene.run()
            run.expectStatus(0)
            #expect(run.complaints.isEmpty)
            #expect(scene.mesh.waiting().isEmpty)
            #expect(scene.names.count == messages.count)
            for (id, content) in expected {
                #expect(scene.content(run.names[id] ?? "") == content, "\(id)")
            }
        }
    }

    @Test func anEmptyInboxCostsNoRequestToStorage() async throws {
        try await withScene { scene in
            let run = try await scene.run()
            run.expectStatus(0)
            #expect(run.outcome == "empty")
            #expect(scene.store.http.requests.isEmpty)
        }
    }

    @Test func aReportIsStoredApartAndMakesAWarning() async throws {
        try await withScene([.report("REP0001"), MESHMessage("ABC0001", text: "data")]) { scene in
            let run = try await scene.run([], ["BSO_CODE_SOURCE": "sender"])
            run.expectStatus(0)
            #expect(run.names["REP0001"]?.hasPrefix("reports/") == true)
            #expect(run.names["ABC0001"]?.contains("/X26_") == true)
            #expect(run.complaints.map(\.level) == ["WARNING"])
            let text = scene.content(run.names["REP0001"] ?? "").map { String(decoding: $0, as: UTF8.self) } ?? ""
            #expect(text.contains("Message not collected by recipient after 5 days"))
        }
    }

    @Test(
        "Case 14: a word in a setting means the same in upper and lower case",
        arguments: ["leave", "LEAVE", "Leave", "store", "STORE"]
    )
    func reportsCanBeLeftInTheInbox(word: String) async throws {
        try await withScene([.report("REP0001"), MESHMessage("ABC0001", text: "data")]) { scene in
            let run = try await scene.run([], ["REPORTS": word])
            run.expectStatus(0)
            let isLeft = word.lowercased() == "leave"
            #expect(scene.mesh.waiting() == (isLeft ? ["REP0001"] : []))
            #expect(scene.names.count == (isLeft ? 1 : 2))
        }
    }

    @Test(arguments: Scene.Store.allCases) func idsThatLingerAreNotStoredAgain(place: Scene.Store) async throws {
        var options = StrictMESHServer.Options()
        options.lag = 20
        options.servesAcknowledged = true
        let messages = (1...5).map { MESHMessage("LAG000\($0)", text: "content \($0)") }
        try await withScene(messages, place: place, mesh: options) { scene in
            try await scene.run().expectStatus(0)
            let names = scene.names
            #expect(names.count == 5)
            let second = try await scene.run()
            second.expectStatus(0)
            #expect(second.summary[number: "messages.stored"] == 0)
            #expect(second.complaints.isEmpty)
            #expect(scene.names == names)
        }
    }

    @Test(.tags(.slow)) func anInboxOfManyPagesIsDrainedWhileItIsListed() async throws {
        var options = StrictMESHServer.Options()
        options.pageCap = 100
        options.lag = 3
        options.endsWithEmptyPage = true
        options.duplicatedIDs = ["DRA0007", "DRA0900"]
        options.servesAcknowledged = true
        let ids = (1...1201).map { "DRA" + String(10_000 + $0).dropFirst() }
        try await withScene(ids.map { MESHMessage($0, text: "content of \($0)") }, mesh: options) { scene in
            let run = try await scene.run()
            run.expectStatus(0)
            #expect(run.summary[number: "messages.listed"] == 1201)
            #expect(run.summary[number: "messages.stored"] == 1201)
            #expect(Set(scene.mesh.acknowledged()) == Set(ids))
            #expect(scene.names.count == 1201)
            for id in ids {
                #expect(scene.content(run.names[id] ?? "") == Array("content of \(id)".utf8))
            }
            // Acknowledgements began before the last new id was listed.
            let firstAcknowledged = scene.log.index { if case .acknowledged = $0 { true } else { false } }
            let lastListed = scene.log.index {
                if case .listed(_, let listed) = $0 { listed.contains(ids.last!) } else { false }
            }
            #expect(try #require(firstAcknowledged) < #require(lastListed))
            #expect(!scene.log.events.contains { if case .acknowledgedAgain = $0 { true } else { false } })
        }
    }
}
