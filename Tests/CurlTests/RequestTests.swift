import Blocks
import Curl
import HTTPTypes
import Synchronization
import TestServers
import Testing

@Suite(.timeLimit(.minutes(2)))
struct RequestTests {
    private static let accepting: @Sendable (HTTPServer.Request) async -> HTTPServer.Response = { _ in
        HTTPServer.Response(200)
    }

    @Test(arguments: ["GET", "PUT", "POST", "HEAD", "DELETE", "PATCH"])
    func sendsTheMethodAndTheTargetAsTheyAre(method: String) async throws {
        let targets = [
            "/", "/?", "/a%2Fb/../c/./d%20e?x=%2f&y=+%C3%A9", "//a//b/", "/~-._!$&'()*+,;=:@?/?a=[]&b={}|^`\"",
        ]
        try await withWire(handler: Self.accepting) { wire in
            for target in targets {
                _ = try await wire.client.perform(wire.request(.init(method)!, target))
            }
            #expect(wire.server.requests.map(\.method) == targets.map { _ in method })
            #expect(wire.server.requests.map(\.target) == targets)
        }
    }

    @Test(arguments: [
        ("GET", []), ("HEAD", []), ("DELETE", []), ("POST", ["content-length: 0"]), ("PUT", ["content-length: 0"]),
    ])
    func addsNoFieldsButHostAndLength(method: String, added: [String]) async throws {
        try await withWire(handler: Self.accepting) { wire in
            _ = try await wire.client.perform(wire.request(.init(method)!))
            let fields = try #require(wire.server.requests.first).headers.fields
            #expect(
                fields.map { "\($0.name.lowercased()): \($0.text)" } == ["host: 127.0.0.1:\(wire.server.port)"] + added
            )
        }
    }

    @Test func sendsTheFieldsThatAreGiven() async throws {
        var fields = HTTPFields()
        let given = [
            ("Accept", "application/vnd.mesh.v2+json"), ("Content-Type", "a/b; c=\"d\""), ("X-Empty", ""),
            ("x-ms-Twice", "1"), ("x-ms-Twice", "2"), ("X-Signs", "a:b; c,d=e @path"), ("X-Name", "é"),
        ]
        for (name, value) in given { fields.append(HTTPField(name: .init(name)!, value: value)) }
        try await withWire(handler: Self.accepting) { wire in
            _ = try await wire.client.perform(wire.request(.put, "/", fields), body: .bytes([1]))
            let sent = try #require(wire.server.requests.first).headers.fields
            let own = sent.filter { !["host", "content-length"].contains($0.name.lowercased()) }
            #expect(own.map { "\($0.name): \($0.text)" } == given.map { "\($0.0): \($0.1)" })
        }
    }

    @Test func namesItselfOnlyWhenToldTo() async throws {
        var configuration = direct
        configuration.userAgent = "poll/1.0 (test)"
        try await withWire(configuration, handler: Self.accepting) { wire in
            _ = try await wire.client.perform(wire.request())
            #expect(wire.server.requests.map { $0.headers["User-Agent"] } == ["poll/1.0 (test)"])
        }
    }

    @Test(arguments: [0, 1, 64 << 10, 8 << 20], [false, true])
    func sendsABodyWithItsLength(count: Int, fromBlock: Bool) async throws {
        let content = sample(count)
        let received = Mutex<[[UInt8]]>([])
        try await withWire { request in
            received.withLock { $0.append(request.body) }
            return HTTPServer.Response(201)
        } run: { wire in
            let body: RequestBody
            if fromBlock {
                let block = Block(capacity: max(count, 1) + 3)
                content.withUnsafeBytes { _ = block.append($0) }
                body = .block(block)
            } else {
                body = .bytes(content)
            }
            for method in [HTTPRequest.Method.put, .post] {
                let (response, _) = try await wire.client.answer(wire.request(method), body: body)
                #expect(response.status == .created)
            }
            for request in wire.server.requests {
                #expect(request.headers.values("Content-Length") == ["\(count)"])
                #expect(request.headers["Expect"] == nil)
                #expect(request.headers["Transfer-Encoding"] == nil)
                #expect(request.headers["Content-Type"] == nil)
            }
            #expect(received.withLock { $0 == [content, content] })
        }
    }

    @Test func leavesNothingOfARequestInTheNext() async throws {
        let seen = Mutex<[String]>([])
        try await withWire { request in
            let names = request.headers.fields.map { $0.name.lowercased() }.filter { $0 != "host" }
            seen.withLock { $0.append("\(request.method) \(names) \(request.body)") }
            return HTTPServer.Response(200, body: .text("answer"))
        } run: { wire in
            let fields: HTTPFields = [.accept: "a/b", .contentType: "c/d"]
            for _ in 1...2 {
                _ = try await wire.client.perform(wire.request(.put, "/", fields), body: .bytes([1, 2]))
                #expect(try await wire.client.perform(wire.request(.head)).body == [])
                #expect(try await wire.client.perform(wire.request(.get)).body == Array("answer".utf8))
                _ = try await wire.client.perform(wire.request(.post))
                _ = try await wire.client.perform(wire.request(.delete))
            }
            let once = [
                #"PUT ["accept", "content-type", "content-length"] [1, 2]"#, "HEAD [] []", "GET [] []",
                #"POST ["content-length"] []"#, "DELETE [] []",
            ]
            #expect(seen.withLock { $0 } == once + once)
            #expect(Set(wire.server.requests.map(\.connection)) == [1])
            #expect(wire.client.requestCount == 10)
        }
    }
}
