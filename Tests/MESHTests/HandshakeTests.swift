import MESH
import TestServers
import Testing
import Transfer

@Suite(.timeLimit(.minutes(1)))
struct HandshakeTests {
    @Test func saysWhatItRunsOn() async throws {
        try await withPost { post in
            try await post.inbox.handshake()
            let request = try #require(post.server.http.requests.first)
            #expect(request.method == "POST")
            #expect(request.target == "/messageexchange/X26ABC1")
            #expect(request.headers.values("Accept") == ["application/vnd.mesh.v2+json"])
            #expect(request.headers["Mex-ClientVersion"] == "poll-mesh-inbox 1.0")
            #expect(request.headers["Mex-OSName"] == "Linux")
            #expect(request.headers["Mex-OSVersion"] == "6.1")
            #expect(request.headers["Mex-OSArchitecture"] == "x86_64")
            #expect(request.headers["Content-Length"] == "0")
            #expect(post.server.log.events == [.handshake(mailbox: "X26ABC1")])
        }
    }

    @Test func goesUnderTheBasePath() async throws {
        try await withPost { post in
            let inbox = post.inbox { $0.basePath = "/gateway/v1" }
            let refusal = try await failure { try await inbox.handshake() }
            #expect(refusal.status == 404)
            #expect(post.server.http.requests.map(\.target) == ["/gateway/v1/messageexchange/X26ABC1"])
        }
    }

    @Test(arguments: ["password", "sharedKey", "mailbox", "username"])
    func tellsWhatToCheckWhenItIsRefused(what: String) async throws {
        try await withPost { post in
            let inbox = post.inbox {
                switch what {
                case "password": $0.credentials?.password = "other"
                case "sharedKey": $0.credentials?.sharedKey = "Other"
                case "mailbox": $0.mailboxID = "X26ABC9"
                default: $0.credentials?.username = "X26ABC2"
                }
            }
            let failure = try await failure { try await inbox.handshake() }
            #expect(failure.kind == .refused)
            #expect(failure.status == 403)
            #expect(failure.type == "EPL-151")
            #expect(failure.advice?.contains("MESH_PASSWORD") == true)
            #expect(post.server.http.requests.count == 1)
        }
    }

    @Test(arguments: [(-3, "180 minutes ahead"), (3, "180 minutes behind")])
    func tellsOfASkewedClock(hours: Int, skew: String) async throws {
        try await withPost { post in
            let inbox = post.inbox { $0.now = { Int64(theTime) } }
            post.server.clock.advance(by: hours * 3600)
            let failure = try await failure { try await inbox.handshake() }
            #expect(failure.kind == .refused)
            #expect(failure.advice?.contains("clock is \(skew)") == true)
        }
    }
}
