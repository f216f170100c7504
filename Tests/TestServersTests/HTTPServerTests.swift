import Glibc
import Synchronization
import Testing

@testable import TestServers

struct HTTPServerTests {
    private static let hello: @Sendable (HTTPServer.Request) async -> HTTPServer.Response = { request in
        HTTPServer.Response(200, headers: ["X-Name": "value"], body: .text("hello \(request.target)"))
    }

    @Test func keepsAConnectionAliveAndRecordsItsRequests() async throws {
        try await withHTTPServer(handler: Self.hello) { server in
            let client = try RawClient(port: server.port)
            let first = try await client.exchange("GET", "/a?b=%20", [("X-Own", "1")])
            #expect(first.status == 200)
            #expect(first.text == "hello /a?b=%20")
            #expect(first["x-name"] == "value")
            _ = try await client.exchange("PUT", "/b", [], [1, 2, 3])
            _ = try await RawClient(port: server.port).exchange("GET", "/c")
            let requests = server.requests
            #expect(requests.map(\.method) == ["GET", "PUT", "GET"])
            #expect(requests.map(\.target) == ["/a?b=%20", "/b", "/c"])
            #expect(requests.map(\.connection) == [1, 1, 2])
            #expect(requests.map(\.context.numberOnConnection) == [1, 2, 1])
            #expect(requests.map(\.bodyLength) == [0, 3, 0])
            #expect(requests.map(\.status) == [200, 200, 200])
            #expect(requests[0].headers["x-own"] == "1")
        }
    }

    @Test func carriesRawHeaderBytesBothWays() async throws {
        try await withHTTPServer { request in
            HTTPServer.Response(200, headers: .init([.init("X-Back", bytes: request.headers.bytes("X-Raw") ?? [])]))
        } run: { server in
            let client = try RawClient(port: server.port)
            let request = Array("GET / HTTP/1.1\r\nHost: h\r\nX-Raw: caf".utf8) + [0xE9] + Array("\r\n\r\n".utf8)
            let answer = try #require(try await client.send(request))
            #expect(answer.headers.first { $0.name == "x-back" }?.value == [0x63, 0x61, 0x66, 0xE9])
        }
    }

    @Test(arguments: [
        ("PUT / HTTP/1.1\r\nHost: h\r\n\r\n", 411),
        ("POST / HTTP/1.1\r\nHost: h\r\n\r\n", 411),
        ("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501),
        ("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400),
        ("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: -3\r\n\r\nabc", 400),
        ("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 9000\r\n\r\n", 413),
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n", 400),
        ("GET / HTTP/1.0\r\nHost: h\r\n\r\n", 505),
        ("GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", 400),
        ("GET /é HTTP/1.1\r\nHost: h\r\n\r\n", 400),
        ("GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost : h\r\n\r\n", 400),
        ("GET / HTTP/1.1\nHost: h\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: h\r\nX-Long: \(String(repeating: "x", count: 300))\r\n\r\n", 431),
    ])
    func refusesWhatIsNotStrictHTTP(request: String, status: Int) async throws {
        var limits = HTTPServer.Limits()
        limits.head = 256
        limits.body = 8999
        try await withHTTPServer(limits: limits, handler: Self.hello) { server in
            let answer = try await RawClient(port: server.port).send(Array(request.utf8))
            #expect(answer?.status == status)
            #expect(answer?["connection"] == "close")
            #expect(server.requests.isEmpty)
        }
    }

    @Test func asksForABodyThatTheClientHoldsBack() async throws {
        try await withHTTPServer(handler: Self.hello) { server in
            let client = try RawClient(port: server.port)
            let head = "PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
            #expect(try await client.send(Array(head.utf8))?.status == 100)
            #expect(try await client.send([1, 2])?.status == 200)
        }
    }

    @Test(arguments: [
        (HTTPServer.Fault.closeBeforeHandling, 0, ""),
        (.closeWhileReading(after: 1), 0, ""),
        (.closeAfterHandling, 1, ""),
        (.deliver(.reset), 1, ""),
        (.deliver(.halfHead), 1, "HTTP/1.1 200 OK\r\nA: b\r"),
        (.deliver(.raw([0x3F, 0x21])), 1, "?!"),
        (.deliver(.cutBody(after: 3)), 1, "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 5\r\n\r\nhel"),
        (.deliver(.wholeThenStale), 1, "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 5\r\n\r\nhello"),
        (
            .answer(HTTPServer.Response(503, headers: ["Connection": "close"])), 0,
            "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        ),
        (
            .answerAfterHandling(HTTPServer.Response(500, headers: ["Connection": "close"])), 1,
            "HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        ),
    ])
    func misbehavesAsAsked(fault: HTTPServer.Fault, handled: Int, received: String) async throws {
        let count = Mutex(0)
        try await withHTTPServer { _ in
            count.withLock { $0 += 1 }
            return HTTPServer.Response(200, headers: ["A": "b"], body: .text("hello"))
        } run: { server in
            server.setFault { $0.number == 2 ? fault : nil }
            let client = try RawClient(port: server.port)
            #expect(try await client.exchange("PUT", "/1", [], [1, 2]).text == "hello")
            let request = Array("PUT /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab".utf8)
            let bytes = try await client.sendAndDrain(request)
            #expect(String(decoding: bytes, as: UTF8.self) == received)
            #expect(count.withLock { $0 } == 1 + handled)
            #expect(try await RawClient(port: server.port).exchange("GET", "/3").text == "hello")
        }
    }

    @Test func givesTheMomentsBeforeAndAfterHandling() async throws {
        let moments = Mutex<[String]>([])
        try await withHTTPServer { _ in
            moments.withLock { $0.append("handled") }
            return HTTPServer.Response(200)
        } run: { server in
            server.setFault { _ in
                .before { moments.withLock { $0.append("before") } }
                    .and(.after { moments.withLock { $0.append("after") } })
            }
            _ = try await RawClient(port: server.port).exchange("GET", "/")
            #expect(moments.withLock { $0 } == ["before", "handled", "after"])
        }
    }

    @Test func holdsARequestUntilItIsLetGo() async throws {
        try await withHTTPServer(handler: Self.hello) { server in
            let (arrived, release) = (Gate(), Gate())
            server.setFault { _ in .before { arrived.open() }.and(.hang(release)) }
            async let answer = RawClient(port: server.port).exchange("GET", "/")
            await arrived.wait()
            #expect(server.requests.first?.status == nil)
            release.open()
            let status = try await answer.status
            #expect(status == 200)
        }
    }

    @Test func keepsItsPortFromOthersAfterItStopped() async throws {
        try await withHTTPServer(handler: Self.hello) { server in
            server.stop()
            #expect(throws: RawClient.Failure.self) { try RawClient(port: server.port) }
            // Not even who asks for it by number gets it.
            let stranger = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(stranger) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(UInt16(server.port).bigEndian)
            address.sin_addr.s_addr = inet_addr("127.0.0.1")
            let status = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(stranger, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            #expect(status == -1 && errno == EADDRINUSE)
        }
    }

    @Test func stopsAlthoughARequestHangs() async throws {
        let arrived = Gate()
        let client = try await withHTTPServer(handler: Self.hello) { server in
            server.setFault { _ in .before { arrived.open() }.and(.hang(Gate())) }
            let client = try RawClient(port: server.port)
            async let answer = client.sendAndDrain(Array("GET / HTTP/1.1\r\nHost: h\r\n\r\n".utf8))
            await arrived.wait()
            server.stop()
            let received = try await answer
            #expect(received.isEmpty)
            return client
        }
        #expect(try await client.sendAndDrain([]).isEmpty)
    }

    @Test func streamsABodyThatFitsIntoNoMemory() async throws {
        let pattern = Array("0123456789".utf8)
        try await withHTTPServer { request in
            HTTPServer.Response(
                200,
                body: request.target == "/repeated"
                    ? .repeating(pattern, start: 13, length: 3_000_001)
                    : .generated(length: 3_000_001) { offset, buffer in
                        for index in buffer.indices { buffer[index] = pattern[(offset + index + 3) % 10] }
                    }
            )
        } run: { server in
            let client = try RawClient(port: server.port)
            for target in ["/repeated", "/generated"] {
                let body = try await client.exchange("GET", target).body
                #expect(body.count == 3_000_001)
                #expect(Array(body[2_999_990...]) == Array("34567890123".utf8))
                #expect(Array(body[..<7]) == Array("3456789".utf8))
            }
        }
    }

    @Test func takesLargeBodiesWhole() async throws {
        try await withHTTPServer {
            HTTPServer.Response(200, body: .text(hex(Digest.md5.of($0.body))))
        } run: { server in
            let body = [UInt8](repeating: 7, count: 20_000_000)
            let answer = try await RawClient(port: server.port).exchange("PUT", "/", [], body)
            #expect(answer.text == hex(Digest.md5.of(body)))
        }
    }

    @Test func servesManyConnectionsAtOnce() async throws {
        try await withHTTPServer(handler: Self.hello) { server in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        let client = try RawClient(port: server.port)
                        var count = 0
                        for _ in 0..<25 {
                            let answer = try await client.exchange("GET", "/")
                            count += answer.status == 200 ? 1 : 0
                        }
                        return count
                    }
                }
                let total = try await group.reduce(0, +)
                #expect(total == 1000)
            }
            #expect(server.requests.count == 1000)
            #expect(Set(server.requests.map(\.connection)).count == 40)
        }
    }
}
