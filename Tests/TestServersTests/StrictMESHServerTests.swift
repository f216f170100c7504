import Foundation
import Testing

@testable import TestServers

struct StrictMESHServerTests {
    private static let now = 1_795_446_000  // 2026-11-23T15:00:00Z
    private static let handshake = [
        ("Mex-ClientVersion", "test"), ("Mex-OSName", "Linux"), ("Mex-OSVersion", "6"),
    ]

    /// A mailbox's client that signs each request anew, as the specification says.
    private struct Client {
        let server: StrictMESHServer
        let raw: RawClient

        init(_ server: StrictMESHServer) throws {
            self.server = server
            raw = try RawClient(port: server.http.port)
        }

        func call(
            _ method: String,
            _ path: String,
            _ headers: [(String, String)] = []
        ) async throws -> RawClient.Answer {
            let target = "/messageexchange/X26ABC1" + path
            var all = [("Accept", "application/vnd.mesh.v2+json"), ("Authorization", token(nonce: freshGUID()))]
            all.removeAll { name, _ in headers.contains { $0.0 == name } }
            return try await raw.exchange(method, target, (all + headers).filter { $0.1 != "-" })
        }

        func listing(_ query: String = "") async throws -> Listing {
            let answer = try await call("GET", "/inbox" + query)
            #expect(answer.status == 200)
            return try JSONDecoder().decode(Listing.self, from: Data(answer.body))
        }

        /// Every id of the inbox, page by page along the next links.
        func pages(_ query: String) async throws -> [[String]] {
            var pages: [[String]] = []
            var next: String? = query
            while let query = next {
                let listing = try await listing(query)
                pages.append(listing.messages)
                next = listing.links.next.map { String($0.dropFirst("/messageexchange/X26ABC1/inbox".count)) }
            }
            return pages
        }

        func token(
            username: String = "X26ABC1",
            password: String = "password",
            key: String = "TestKey",
            nonce: String,
            count: String = "0",
            at time: Int = now
        ) -> String {
            let stamp = Timestamp.mesh(time)
            let text = "\(username):\(nonce):\(count):\(password):\(stamp)"
            let mac = hex(Digest.hmacSHA256(key: Array(key.utf8), Array(text.utf8)))
            return "NHSMESH \(username):\(nonce):\(count):\(stamp):\(mac)"
        }
    }

    private struct Listing: Decodable {
        struct Links: Decodable {
            let `self`: String
            let next: String?
        }
        let messages: [String]
        let links: Links
        let approximateCount: Int

        private enum CodingKeys: String, CodingKey {
            case messages
            case links
            case approximateCount = "approx_inbox_count"
        }
    }

    private func withServer(
        _ messages: [MESHMessage] = [],
        options: StrictMESHServer.Options = .init(),
        log: EventLog = EventLog(),
        run: (StrictMESHServer, Client) async throws -> Void
    ) async throws {
        let clock = ServerClock(at: Self.now)
        try await withStrictMESHServer(messages: messages, options: options, log: log, clock: clock) { server in
            try await run(server, Client(server))
        }
    }

    private func messages(_ count: Int, _ change: (Int, inout MESHMessage) -> Void = { _, _ in }) -> [MESHMessage] {
        (1...count).map { index in
            var message = MESHMessage("M\(index)", text: "\(index)")
            change(index, &message)
            return message
        }
    }

    @Test func acceptsTheWorkedExampleOfAToken() async throws {
        let token =
            "NHSMESH X26ABC1:2c001608-5f09-4840-9611-bea43e666a30:0:202611231500:"
            + "23e965c5230a6cd9e8f2d7451dc3d8cc4dfefb53d9e134a5135870767b3efe58"
        try await withServer { server, client async throws in
            let first = try await client.call("POST", "", Self.handshake + [("Authorization", token)])
            #expect(first.status == 200)
            #expect(server.log.events == [.handshake(mailbox: "X26ABC1")])
            let second = try await client.call("POST", "", Self.handshake + [("Authorization", token)])
            #expect(second.status == 403)
            #expect(second.text.contains(#""msg":"Error Duplicated Authentication Token""#))
            #expect(server.tokens == [token, token])
        }
    }

    @Test func refusesEveryTokenThatIsNotRight() async throws {
        try await withServer { _, client async throws in
            let wrong = [
                "-", "NHSMESH", "Basic eDp5", "NHSMESH X26ABC1:n:0:202611231500",
                client.token(username: "x26abc1", nonce: "a"), client.token(username: "X26ABC2", nonce: "b"),
                client.token(password: "Password", nonce: "c"), client.token(key: "BackupKey", nonce: "d"),
                client.token(nonce: "e", count: "x"), client.token(nonce: "f", at: Self.now + 7260),
                client.token(nonce: "g", at: Self.now - 7260),
                client.token(nonce: "h").replacingOccurrences(of: ":0:", with: ":1:"),
            ]
            for token in wrong {
                let answer = try await client.call("GET", "/inbox", [("Authorization", token)])
                #expect(answer.status == 403, "\(token)")
                #expect(answer.text.hasPrefix(#"{"detail":[{"event":"","code":"EPL-151","msg":""#))
                #expect(answer["date"] == "Mon, 23 Nov 2026 15:00:00 GMT")
            }
            for time in [Self.now + 7200, Self.now - 7200] {
                let token = client.token(nonce: "t\(time)", at: time)
                #expect(try await client.call("GET", "/inbox", [("Authorization", token)]).status == 200)
            }
        }
    }

    @Test(arguments: ["Mex-ClientVersion", "Mex-OSName", "Mex-OSVersion"])
    func refusesAHandshakeWithout(name: String) async throws {
        try await withServer { server, client async throws in
            let headers = Self.handshake.filter { $0.0 != name }
            #expect(try await client.call("POST", "", headers).status == 400)
            #expect(server.log.events.isEmpty)
        }
    }

    @Test(arguments: [
        "-", "application/json", "application/vnd.mesh.v1+json", "application/vnd.mesh.v2+json, application/json",
        "*/*",
    ])
    func refusesAnAcceptOf(accept: String) async throws {
        try await withServer { _, client async throws in
            #expect(try await client.call("GET", "/inbox", [("Accept", accept)]).status == 400)
        }
    }

    @Test func answersAPingToAnybody() async throws {
        try await withServer { _, client async throws in
            #expect(try await client.raw.exchange("GET", "/messageexchange/_ping").status == 200)
        }
    }

    @Test func listsInPagesWithRelativeLinks() async throws {
        try await withServer(messages(25)) { _, client async throws in
            let first = try await client.listing("?max_results=10")
            #expect(first.messages == (1...10).map { "M\($0)" })
            #expect(first.links.`self` == "/messageexchange/X26ABC1/inbox?max_results=10")
            #expect(first.links.next?.hasPrefix("/messageexchange/X26ABC1/inbox?max_results=10&continue_from=") == true)
            #expect(first.approximateCount == 25)
            #expect(try await client.pages("?max_results=10").map(\.count) == [10, 10, 5])
            let whole = try await client.listing()
            #expect(whole.messages.count == 25)
            #expect(whole.links.next == nil)
        }
    }

    @Test(arguments: [
        "max_results=9", "max_results=5001", "max_results=x", "max_results=", "continue_from=x", "other=1",
    ])
    func refusesAListingWith(query: String) async throws {
        try await withServer(messages(1)) { _, client async throws in
            #expect(try await client.call("GET", "/inbox?" + query).status == 400)
        }
    }

    @Test func keepsANextLinkGoodWhenItsPageWasAcknowledged() async throws {
        var options = StrictMESHServer.Options()
        options.pageCap = 3
        try await withServer(messages(8), options: options) { server, client async throws in
            let first = try await client.listing()
            for id in first.messages {
                #expect(try await client.call("PUT", "/inbox/\(id)/status/acknowledged").status == 200)
            }
            let query = String(try #require(first.links.next).dropFirst("/messageexchange/X26ABC1/inbox".count))
            #expect(try await client.listing(query).messages == ["M4", "M5", "M6"])
            #expect(try await client.listing().messages == ["M4", "M5", "M6"])
            #expect(server.acknowledged() == ["M1", "M2", "M3"])
            #expect(server.waiting() == ["M4", "M5", "M6", "M7", "M8"])
        }
    }

    @Test(arguments: [
        ("AB", ["AB"]), ("!AB", ["ABC", "XABY", "Z"]), ("AB*", ["AB", "ABC"]), ("!AB*", ["XABY", "Z"]),
        ("*AB*", ["AB", "ABC", "XABY"]), ("!*AB*", ["Z"]), ("%2AAB%2A", ["AB", "ABC", "XABY"]),
    ])
    func filtersByWorkflow(filter: String, ids: [String]) async throws {
        let messages = ["AB", "ABC", "XABY", "Z"].map { workflow in
            var message = MESHMessage(workflow, text: "")
            message.workflowID = workflow
            return message
        }
        try await withServer(messages) { _, client async throws in
            #expect(try await client.listing("?workflow_filter=\(filter)").messages == ids)
        }
    }

    @Test func givesEmptyFilteredPagesANextLinkUnlessAskedOtherwise() async throws {
        var options = StrictMESHServer.Options()
        options.pageCap = 2
        let messages = messages(6) { $1.workflowID = $0 == 5 ? "MINE" : "OTHER" }
        try await withServer(messages, options: options) { server, client async throws in
            #expect(try await client.pages("?workflow_filter=MINE") == [[], [], ["M5"]])
            server.update { $0.filtersBeforePaging = true }
            #expect(try await client.pages("?workflow_filter=MINE") == [["M5"]])
            server.update { $0.endsWithEmptyPage = true }
            #expect(try await client.pages("") == [["M1", "M2"], ["M3", "M4"], ["M5", "M6"], []])
        }
    }

    @Test func lagsAndDuplicatesAsAsked() async throws {
        var options = StrictMESHServer.Options()
        options.lag = 2
        options.duplicatedIDs = ["M2"]
        try await withServer(messages(2), options: options) { _, client async throws in
            _ = try await client.call("PUT", "/inbox/M1/status/acknowledged")
            #expect(try await client.listing().messages == ["M1", "M2", "M2"])
            #expect(try await client.listing().messages == ["M1", "M2", "M2"])
            #expect(try await client.listing().messages == ["M2", "M2"])
        }
    }

    @Test func handsOutMessagesInChunks() async throws {
        let chunked = MESHMessage("C", [.text("one"), .gzip([0x1F, 0x8B]), .text("")])
        try await withServer([MESHMessage("P", text: "plain"), chunked, MESHMessage("E", text: "")]) {
            _,
            client async throws in
            let plain = try await client.call("GET", "/inbox/P")
            #expect(plain.status == 200 && plain.text == "plain")
            #expect(plain["mex-chunk-range"] == "1:1" && plain["mex-total-chunks"] == "1")
            #expect(plain["mex-from"] == "X26ABC2" && plain["mex-to"] == "X26ABC1" && plain["mex-messageid"] == "P")
            #expect(plain["mex-subject"] == nil && plain["content-encoding"] == nil)
            let first = try await client.call("GET", "/inbox/C")
            #expect(first.status == 206 && first.text == "one" && first["mex-chunk-range"] == "1:3")
            let second = try await client.call("GET", "/inbox/C/2")
            #expect(second.status == 206 && second.body == [0x1F, 0x8B] && second["content-encoding"] == "gzip")
            let third = try await client.call("GET", "/inbox/C/3")
            #expect(third.status == 200 && third.body.isEmpty && third["mex-chunk-range"] == "3:3")
            #expect(try await client.call("GET", "/inbox/C/4").status == 404)
            #expect(try await client.call("GET", "/inbox/C/0").status == 404)
            #expect(try await client.call("GET", "/inbox/C/x").status == 400)
            let empty = try await client.call("GET", "/inbox/E")
            #expect(empty.status == 200 && empty.body.isEmpty)
        }
    }

    @Test func handsOutReportsWithoutBodyAndSender() async throws {
        try await withServer([.report("R", on: "M9")]) { _, client async throws in
            let report = try await client.call("GET", "/inbox/R")
            #expect(report.status == 200 && report.body.isEmpty)
            #expect(report["mex-messagetype"] == "REPORT" && report["mex-chunk-range"] == "1:0")
            #expect(report["mex-total-chunks"] == "0" && report["mex-linkedmsgid"] == "M9")
            #expect(report["mex-from"] == nil && report["content-type"] == nil)
        }
    }

    @Test func sendsHeadersAsTheTestWantsThem() async throws {
        var message = MESHMessage("H", text: "text")
        message.headers = ["Mex-Chunk-Range": "2:1"]
        message.headers.append(.init("Mex-Subject", bytes: [0x63, 0xE9]))
        message.omittedHeaders = ["mex-messageid"]
        message.fileName = "é.dat"
        try await withServer([message]) { _, client async throws in
            let answer = try await client.call("GET", "/inbox/H")
            #expect(answer["mex-chunk-range"] == "2:1" && answer["mex-messageid"] == nil)
            #expect(answer.headers.first { $0.name == "mex-subject" }?.value == [0x63, 0xE9])
            #expect(answer["mex-filename"] == "é.dat")
        }
    }

    @Test func cutsABodyThatClaimsToBeLonger() async throws {
        var message = MESHMessage("L", text: "four")
        message.chunks[0].contentLength = 10
        try await withServer([message]) { _, client async throws in
            await #expect(throws: RawClient.Failure.self) { try await client.call("GET", "/inbox/L") }
        }
    }

    @Test func knowsGoneMissingAcknowledgedAndUnknownMessages() async throws {
        var gone = MESHMessage("G", text: "")
        gone.isGone = true
        var holed = MESHMessage("D", [.text("1"), .text("2")])
        holed.chunks[1].isMissing = true
        try await withServer([gone, holed, MESHMessage("A", text: "a")]) { server, client async throws in
            #expect(try await client.call("GET", "/inbox/G").status == 410)
            #expect(try await client.call("GET", "/inbox/D").status == 206)
            #expect(try await client.call("GET", "/inbox/D/2").status == 404)
            #expect(try await client.call("GET", "/inbox/U").status == 404)
            #expect(try await client.call("PUT", "/inbox/U/status/acknowledged").status == 404)
            for _ in 1...2 { #expect(try await client.call("PUT", "/inbox/A/status/acknowledged").status == 200) }
            #expect(try await client.call("GET", "/inbox/A").status == 410)
            server.update { $0.servesAcknowledged = true }
            #expect(try await client.call("GET", "/inbox/A").text == "a")
            #expect(
                server.log.events.suffix(3) == [
                    .acknowledged(mailbox: "X26ABC1", id: "A"), .acknowledgedAgain(mailbox: "X26ABC1", id: "A"),
                    .served(mailbox: "X26ABC1", id: "A", chunk: 1),
                ]
            )
        }
    }

    @Test func acknowledgesBeforeAFaultHidesTheAnswer() async throws {
        try await withServer([MESHMessage("A", text: "a")]) { server, client async throws in
            server.http.setFault { $0.method == "PUT" ? .closeAfterHandling : nil }
            await #expect(throws: RawClient.Failure.self) {
                try await client.call("PUT", "/inbox/A/status/acknowledged")
            }
            #expect(server.acknowledged() == ["A"])
        }
    }

    @Test func streamsAMessageOfManyMebibytesFromAPattern() async throws {
        let pattern = Array("0123456789".utf8)
        try await withServer([.repeating("BIG", pattern: pattern, length: 10_000_003, chunks: 3)]) {
            _,
            client async throws in
            var whole: [UInt8] = []
            for chunk in 1...3 { whole += try await client.call("GET", "/inbox/BIG/\(chunk)").body }
            #expect(whole.count == 10_000_003)
            let expected = Array(repeating: pattern, count: 1_000_001).flatMap { $0 }.prefix(10_000_003)
            #expect(whole == Array(expected))
        }
    }
}
