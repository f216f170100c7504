import Blocks
import Curl
import HTTPTypes
import TestServers
import Testing

/// What goes wrong below HTTP, and what an error says of it.
@Suite(.timeLimit(.minutes(2)))
struct FailureTests {
    private static let hello: @Sendable (HTTPServer.Request) async -> HTTPServer.Response = { _ in
        HTTPServer.Response(200, body: .bytes(sample(1000)))
    }

    @Test(arguments: [
        (HTTPServer.Delivery.nothing, CurlError.Kind.connectionLost), (.reset, .connectionLost),
        (.halfHead, .truncated),
        (.raw(Array("HTTP/1.1 200 OK\r\nContent-Le".utf8)), .truncated),
        (.raw(Array("220 mail.example ESMTP\r\n".utf8)), .notHTTP),
        (.raw(Array("HTTP/1.1 2x0 Odd\r\nContent-Length: 0\r\n\r\n".utf8)), .notHTTP),
        (.raw(Array("HTTP/1.1 999999 Odd\r\nContent-Length: 0\r\n\r\n".utf8)), .notHTTP),
    ])
    func tellsWhyThereIsNoHead(delivery: HTTPServer.Delivery, kind: CurlError.Kind) async throws {
        try await withWire(handler: Self.hello) { wire in
            wire.server.setFault { $0.number == 1 ? .deliver(delivery) : nil }
            let error = try await failure { try await wire.client.perform(wire.request()) }
            #expect(error.kind == kind, "\(error)")
            #expect(error.requestMayHaveBeenSent)
            #expect(error.host == "127.0.0.1:\(wire.server.port)")
            #expect(!error.text.isEmpty)
            #expect(wire.server.requests.count == 1)
            #expect(try await wire.client.perform(wire.request()).body == sample(1000))
        }
    }

    @Test(arguments: [0, 1, 999])
    func tellsHowMuchOfACutBodyCame(count: Int) async throws {
        try await withWire(handler: Self.hello) { wire in
            wire.server.setFault { _ in .deliver(.cutBody(after: count)) }
            let exchange = try await wire.client.send(wire.request())
            let block = Block(capacity: 4096)
            let error = try await failure { try await exchange.read(into: block) }
            #expect(error.kind == .truncated)
            #expect(error.code == 18)
            #expect(error.bytesReceived == count)
            #expect(Array(block.bytes) == sample(count))
            let again = try await failure { try await exchange.read(into: block) }
            #expect(again == error)
        }
    }

    @Test func tellsOfABodyCutWithinAChunk() async throws {
        let raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc"
        try await withWire(handler: Self.hello) { wire in
            wire.server.setFault { _ in .deliver(.raw(Array(raw.utf8))) }
            let error = try await failure { try await wire.client.perform(wire.request()) }
            #expect(error.kind == .truncated)
        }
    }

    @Test func countsWhatItSent() async throws {
        try await withWire(handler: Self.hello) { wire in
            wire.server.setFault { _ in .closeBeforeHandling }
            let error = try await failure {
                try await wire.client.perform(wire.request(.put), body: .bytes(sample(100_000)))
            }
            #expect(error.kind == .connectionLost)
            #expect(error.bytesSent == 100_000)
        }
    }

    @Test func survivesAServerThatStopsReading() async throws {
        try await withWire(handler: Self.hello) { wire in
            wire.server.setFault { $0.number == 1 ? .closeWhileReading(after: 1000) : nil }
            let body = RequestBody.bytes(sample(8 << 20))
            let error = try await failure { try await wire.client.perform(wire.request(.put), body: body) }
            #expect(error.kind == .connectionLost)
            #expect(error.requestMayHaveBeenSent)
            #expect(try await wire.client.perform(wire.request(.put), body: body).response.status == .ok)
        }
    }

    @Test func saysThatNobodyListens() async throws {
        try await withHTTPServer(handler: Self.hello) { server in
            server.stop()
            let client = HTTPClient(engine: HTTPEngine(), configuration: direct)
            let error = try await failure { try await client.perform(request(to: server.port)) }
            #expect(error.kind == .notConnected)
            #expect(error.code == 7)
            #expect(!error.requestMayHaveBeenSent)
        }
    }

    @Test func saysThatANameHasNoAddress() async throws {
        let client = HTTPClient(engine: HTTPEngine(), configuration: direct)
        let unknown = HTTPRequest(method: .get, scheme: "http", authority: "host.invalid", path: "/")
        let error = try await failure { try await client.perform(unknown) }
        #expect(error.kind == .nameNotResolved)
        #expect(error.host == "host.invalid")
        #expect(!error.requestMayHaveBeenSent)
    }

    @Test(arguments: ["ftp", "gopher", "smtp"])
    func speaksHTTPAlone(scheme: String) async throws {
        try await withWire(handler: Self.hello) { wire in
            // A handle that has worked before keeps its counters.
            _ = try await wire.client.perform(wire.request())
            let other = CurlTests.request(to: wire.server.port, scheme: scheme)
            let error = try await failure { try await wire.client.perform(other) }
            #expect(error.kind == .notHTTP)
            #expect(!error.requestMayHaveBeenSent)
            #expect(error.bytesReceived == 0)
        }
    }

    @Test(.tags(.slow), arguments: [false, true])
    func givesUpOnATransferThatStandsStill(inBody: Bool) async throws {
        var configuration = direct
        configuration.stallTimeout = .seconds(1)
        let (gate, latch) = (Gate(), Latch())
        try await withWire(configuration) { _ in
            if !inBody { await gate.wait() }
            return HTTPServer.Response(200, body: .stalling(at: latch, length: 1 << 20))
        } run: { wire in
            defer {
                gate.open()
                latch.open()
            }
            let error = try await failure {
                try await wire.client.perform(wire.request(), limit: 1 << 20)
            }
            #expect(error.kind == .timedOut)
            #expect(error.bytesReceived <= (inBody ? 256 << 10 : 0))
        }
    }

    /// A reader that waits longer than the limit is no stall of the server.
    @Test(.tags(.slow)) func doesNotBlameTheServerForASlowReader() async throws {
        var configuration = direct
        configuration.stallTimeout = .seconds(5)
        let gate = Gate()
        defer { gate.open() }
        try await withWire(configuration) { request in
            if request.target == "/hang" { await gate.wait() }
            return HTTPServer.Response(200, body: .repeating([1, 2, 3], length: 32 << 20))
        } run: { wire in
            defer { gate.open() }
            let exchange = try await wire.client.send(wire.request())
            // Another request runs into the limit meanwhile.
            let error = try await failure { try await wire.client.perform(wire.request(.get, "/hang")) }
            #expect(error.kind == .timedOut)
            #expect(try await exchange.collect(limit: 32 << 20).end == .lengthMet)
        }
    }

    @Test(arguments: [CurlError.Kind.tls, .timedOut, .notConnected, .nameNotResolved, .notHTTP])
    func advisesWhereSomebodyCanDoSomething(kind: CurlError.Kind) {
        let error = CurlError(kind: kind, code: 1, text: "libcurl's words", host: "mesh.example")
        #expect(error.advice != nil)
        #expect(error.explanation.contains("mesh.example") && error.explanation.contains("libcurl's words"))
    }
}
