import MESH
import TestServers
import Testing
import Transfer

/// What answers other than success mean.
@Suite(.timeLimit(.minutes(1)))
struct RefusalTests {
    @Test(arguments: [408, 425, 429, 500, 502, 503, 504])
    func triesAgainWhatMayPass(status: Int) async throws {
        try await withPost { post in
            post.answer(HTTPServer.Response(status, headers: ["Retry-After": "17", "X-Request-Id": "id-1"]))
            for failure in try await Self.failures(of: post.inbox) {
                #expect(failure.kind == .transient)
                #expect(failure.status == status)
                #expect(failure.retryAfter == .seconds(17))
                #expect(failure.type == "http_\(status)")
                #expect(failure.requestID == "id-1")
                #expect(failure.server == "127.0.0.1:\(post.server.http.port)")
            }
        }
    }

    @Test(arguments: [("Mon, 23 Nov 2026 15:00:30 GMT", 30), ("Mon, 23 Nov 2026 14:00:00 GMT", 0), ("0", 0)])
    func readsWhenToTryAgain(value: String, seconds: Int) async throws {
        try await withPost { post in
            post.answer(HTTPServer.Response(503, headers: ["Retry-After": value]))
            let failure = try await failure { try await post.inbox.handshake() }
            #expect(failure.retryAfter ?? .zero == .seconds(seconds))
        }
    }

    @Test(arguments: [
        (400, [Failure.Kind.permanent, .permanent, .permanent, .permanent]),
        (401, [.refused, .refused, .refused, .refused]),
        (403, [.refused, .refused, .refused, .refused]), (404, [.settings, .settings, .gone, .gone]),
        (410, [.permanent, .permanent, .gone, .gone]), (302, [.permanent, .permanent, .permanent, .permanent]),
        (501, [.permanent, .permanent, .permanent, .permanent]),
    ])
    func tellsWhatWillNotPass(status: Int, kinds: [Failure.Kind]) async throws {
        try await withPost { post async throws in
            post.answer(HTTPServer.Response(status, headers: ["Location": "/elsewhere"]))
            #expect(try await Self.failures(of: post.inbox).map(\.kind) == kinds)
            #expect(post.server.http.requests.count == 4)
        }
    }

    @Test func readsTheServersOwnRefusals() async throws {
        var gone = MESHMessage("GONE1", text: "")
        gone.isGone = true
        var hole = MESHMessage("HOLE1", [.text("one"), .text("two")])
        hole.chunks[1].isMissing = true
        try await withPost([gone, hole, MESHMessage("ABC1", text: "")]) { post in
            let unknownMessage = try await failure { try await post.inbox.head("NONE1") }
            #expect(unknownMessage.kind == .gone)
            let failure410 = try await failure { try await post.inbox.head("GONE1") }
            #expect(failure410.kind == .gone)
            #expect(failure410.status == 410)
            #expect(failure410.advice?.contains("expired") == true)
            #expect(try await post.inbox.content("HOLE1") == Array("one".utf8))
            let missingChunk = try await failure { try await post.inbox.head("HOLE1", chunk: 2) }
            #expect(missingChunk.kind == .gone)
            let unknown = try await failure { try await post.inbox.acknowledge(MessageID("NONE1")) }
            #expect(unknown.kind == .gone && unknown.type == "20")
            let tooSmall = try await failure { try await post.inbox { $0.pageSize = 9 }.page(at: nil) }
            #expect(tooSmall.kind == .permanent && tooSmall.status == 400)
        }
    }

    @Test(arguments: [
        (
            #"{"detail":[{"event":"SEND","code":"EPL-151","msg":"No mailbox matched"}]}"#, "EPL-151",
            "No mailbox matched"
        ),
        (#"{"errorEvent":"SEND","errorCode":"06","errorDescription":"Bad"}"#, "06", "Bad"),
        (#"{"message":"sandbox words"}"#, "http_400", "sandbox words"),
        (#"{"detail":"framework words"}"#, "http_400", "framework words"),
        (#"{"detail":[{"loc":["a"],"msg":"field required","type":"missing"}]}"#, "http_400", "field required"),
        (#"{"detail":[]}"#, "http_400", ""), (#"{"detail":[{"code":"","msg":null}]}"#, "http_400", ""),
        ("", "http_400", ""), (#"{"detail":{"code":"X"}}"#, "http_400", ""),
        (#"{"message":"two\r\nlines\u001b[31m"}"#, "http_400", "twolines[31m"),
        (#"{"detail":[{"code":"no code at all","msg":"words"}]}"#, "http_400", "words"),
    ])
    func readsTheWordsOfARefusal(body: String, type: String, words: String) async throws {
        try await withPost { post in
            post.answer(HTTPServer.Response(400, body: .text(body)))
            for failure in try await Self.failures(of: post.inbox) {
                #expect(failure.type == type)
                #expect(failure.message.contains(words))
                #expect(failure.message.hasSuffix(words.isEmpty ? "with 400." : "\(words))."))
            }
        }
    }

    /// A secret is looked for when the failure is logged: until then it must be whole.
    @Test func keepsLongWordsWholeAndMarkedAsThoseOfMESH() async throws {
        let words = String(repeating: "word ", count: 39) + "0123456789abcdef0123456789abcdef"
        try await withPost { post in
            post.answer(HTTPServer.Response(400, body: .text(#"{"message":"\#(words)"}"#)))
            for failure in try await Self.failures(of: post.inbox) {
                #expect(failure.wording.parts.contains { $0.text == words && $0.origin == .foreign && $0.limit == 200 })
            }
        }
    }

    @Test(
        "Case 12: a 5xx is never read as if it were JSON",
        arguments: [
            #"{"message":"internal"}"#, "", #"{"detail":[{"code":"internal"}]}"#,
        ]
    )
    func readsNoWordsOfAGateway(body: String) async throws {
        try await withPost { post in
            post.answer(HTTPServer.Response(502, headers: ["Content-Type": "application/json"], body: .text(body)))
            for failure in try await Self.failures(of: post.inbox) {
                #expect(failure.type == "http_502" && !failure.message.contains("internal"))
            }
        }
    }

    @Test(arguments: [404, 410, 403, 502])
    func aPageSaysWhoGaveItAndNothingAboutAMessage(status: Int) async throws {
        try await withPost { post in
            let page = "<html><head><title>Gateway 7</title></head></html>"
            post.answer(HTTPServer.Response(status, headers: ["Server": "gate/1"], body: .text(page)))
            for failure in try await Self.failures(of: post.inbox) {
                #expect(failure.kind != .gone)
                #expect(failure.message.hasPrefix("Something in front of MESH"))
                #expect(failure.message.hasSuffix("with \(status), gate/1: \"Gateway 7\"."))
                #expect(failure.advice?.contains("between here and MESH") == true)
            }
        }
    }

    @Test func keepsTheStatusOfARefusalThatBreaksOff() async throws {
        try await withPost { post in
            post.answer(HTTPServer.Response(404, body: .bytes(sample(1000)), delivery: .cutBody(after: 10)))
            let refusal = try await failure { try await post.inbox.head("ABC1") }
            #expect(refusal.kind == .transient && refusal.status == 404)
        }
    }

    @Test(arguments: [HTTPServer.Delivery.nothing, .reset, .halfHead, .raw(Array("nonsense\r\n\r\n".utf8))])
    func triesAgainWhenThereIsNoAnswer(delivery: HTTPServer.Delivery) async throws {
        try await withPost { post in
            post.answer(HTTPServer.Response(200, delivery: delivery))
            for failure in try await Self.failures(of: post.inbox) {
                #expect(failure.kind == .transient, "\(failure)")
                #expect(failure.status == nil)
            }
        }
    }

    @Test func acknowledgesTwice() async throws {
        try await withPost([MESHMessage("ABC1", text: "")]) { post in
            try await post.inbox.acknowledge(MessageID("ABC1"))
            try await post.inbox.acknowledge(MessageID("ABC1"))
            #expect(
                post.server.log.events == [
                    .acknowledged(mailbox: "X26ABC1", id: "ABC1"), .acknowledgedAgain(mailbox: "X26ABC1", id: "ABC1"),
                ]
            )
            let request = try #require(post.server.http.requests.first)
            #expect(request.method == "PUT")
            #expect(request.target == "/messageexchange/X26ABC1/inbox/ABC1/status/acknowledged")
            #expect(request.headers["Content-Length"] == "0")
            #expect(try await post.inbox.page(at: nil).ids.isEmpty)
        }
    }

    /// Of a handshake, a listing, a download and an acknowledgement.
    private static func failures(of inbox: MESHInbox) async throws -> [Failure] {
        [
            try await failure { try await inbox.handshake() }, try await failure { try await inbox.page(at: nil) },
            try await failure { try await inbox.head("ABC1") },
            try await failure { try await inbox.acknowledge(MessageID("ABC1")) },
        ]
    }
}
