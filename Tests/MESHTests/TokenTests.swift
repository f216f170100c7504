import Digests
import MESH
import TestServers
import Testing
import Transfer

@Suite(.timeLimit(.minutes(1)))
struct TokenTests {
    static let nonce = "2c001608-5f09-4840-9611-bea43e666a30"
    static let signature = "23e965c5230a6cd9e8f2d7451dc3d8cc4dfefb53d9e134a5135870767b3efe58"

    /// The worked example of the protocol reference, equal to the official sandbox's own code.
    @Test(arguments: ["X26ABC1", "x26abc1"])
    func signsTheWorkedExample(mailbox: String) {
        let token = Token(mailbox: mailbox, password: "password", sharedKey: "TestKey")
        // 2026-11-23 15:00:59 UTC: seconds are cut off, not rounded.
        let header = token.header(nonce: Self.nonce, count: 0, now: Int64(theTime) + 59)
        #expect(header == "NHSMESH X26ABC1:\(Self.nonce):0:202611231500:\(Self.signature)")
    }

    @Test(arguments: [(951_782_399, "200002282359"), (951_782_400, "200002290000"), (4_102_444_799, "209912312359")])
    func writesTheTimeInUTC(now: Int64, expected: String) {
        let header = Token(mailbox: "A", password: "b", sharedKey: "c").header(nonce: "n", count: 7, now: now)
        #expect(header.hasPrefix("NHSMESH A:n:7:\(expected):"))
    }

    @Test func makesRandomUUIDs() throws {
        let nonces = (0..<1000).map { _ in SecureRandom.uuid() }
        #expect(Set(nonces).count == 1000)
        for nonce in nonces {
            #expect(nonce.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
        }
    }

    @Test func givesEachRequestATokenOfItsOwn() async throws {
        let message = MESHMessage("ABC1", [.text("one"), .text("two")])
        try await withPost([message]) { post in
            try await post.inbox.handshake()
            try await post.inbox.handshake()
            _ = try await post.inbox.page(at: nil)
            _ = try await post.inbox.content("ABC1")
            _ = try await post.inbox.content("ABC1", chunk: 2)
            try await post.inbox.acknowledge(MessageID("ABC1"))
            #expect(post.server.tokens.count == 6)
            #expect(Set(post.server.tokens).count == 6)
            #expect(
                post.server.tokens.allSatisfy { $0.hasPrefix("NHSMESH X26ABC1:") && $0.contains(":0:202611231500:") }
            )
        }
    }

    /// The server used the token up before the answer was lost: the same one again would be refused.
    @Test("Case 3: a retry has a token of its own") func givesARetryANewToken() async throws {
        try await withPost([MESHMessage("ABC1", text: "hello")]) { post in
            post.server.http.setFault { $0.number % 2 == 1 ? .closeAfterHandling : nil }
            let lostHandshake = try await failure { try await post.inbox.handshake() }
            #expect(lostHandshake.kind == .transient)
            try await post.inbox.handshake()
            let lostPage = try await failure { try await post.inbox.page(at: nil) }
            #expect(lostPage.kind == .staleConnection)
            #expect(try await post.inbox.page(at: nil).ids == [MessageID("ABC1")])
            let lostChunk = try await failure { try await post.inbox.content("ABC1") }
            #expect(lostChunk.kind == .staleConnection)
            #expect(try await post.inbox.content("ABC1") == Array("hello".utf8))
            #expect(post.server.tokens.count == 6)
            #expect(Set(post.server.tokens).count == 6)
        }
    }

    @Test func takesAMailboxInLowerCase() async throws {
        try await withPost([MESHMessage("ABC1", text: "hello")]) { post in
            let inbox = post.inbox {
                $0.mailboxID = "x26abc1"
                $0.credentials?.username = "x26abc1"
            }
            try await inbox.handshake()
            #expect(try await inbox.content("ABC1") == Array("hello".utf8))
        }
    }

    @Test func sendsNoTokenWithoutCredentials() async throws {
        var options = StrictMESHServer.Options()
        options.verifiesTokens = false
        try await withPost(options: options) { post in
            try await post.inbox { $0.credentials = nil }.handshake()
            #expect(post.server.tokens.isEmpty)
        }
    }
}
