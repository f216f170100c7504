import Curl
import HTTPTypes
import Synchronization
import TestServers
import Testing

@Suite(.timeLimit(.minutes(2)))
struct ConnectionTests {
    private static let hello: @Sendable (HTTPServer.Request) async -> HTTPServer.Response = { request in
        HTTPServer.Response(200, body: .text(request.target))
    }

    @Test func reusesOneConnectionForRequestsInARow() async throws {
        try await withWire(handler: Self.hello) { wire in
            for index in 1...50 {
                let (_, body) = try await wire.client.answer(wire.request(.get, "/\(index)"))
                #expect(body == Array("/\(index)".utf8))
            }
            #expect(wire.server.requests.map(\.connection) == (1...50).map { _ in 1 })
        }
    }

    @Test func keepsManyRequestsInFlight() async throws {
        let count = 200
        let waiting = Atomic<Int>(0)
        let all = Gate()
        defer { all.open() }
        try await withWire { request in
            if waiting.add(1, ordering: .relaxed).newValue == count { all.open() }
            await all.wait()
            return HTTPServer.Response(200, body: .text(request.target))
        } run: { wire in
            let answers = try await withThrowingTaskGroup { group in
                for index in 0..<count {
                    group.addTask {
                        let (_, body) = try await wire.client.answer(wire.request(.get, "/\(index)"))
                        return body == Array("/\(index)".utf8)
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(answers == count)
            #expect(Set(wire.server.requests.map(\.connection)).count == count)
        }
    }

    @Test func movesManyBodiesAtOnce() async throws {
        let length = 1 << 20
        try await withWire { request in
            HTTPServer.Response(200, body: .repeating(request.body, length: length))
        } run: { wire in
            try await withThrowingTaskGroup { group in
                for index in 0..<40 {
                    group.addTask {
                        let pattern = (0...index).map { UInt8($0) }
                        let request = wire.request(.post, "/\(index)")
                        let exchange = try await wire.client.send(request, body: .bytes(pattern))
                        let content = try await readAll(exchange, blockSize: 10_000 + index)
                        #expect(content.count == length)
                        let offset = length - pattern.count * 3
                        let expected = (offset..<length).map { UInt8($0 % pattern.count) }
                        #expect(Array(content.suffix(expected.count)) == expected)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// libcurl would send such a request again on a new connection, with a token that holds once.
    @Test(arguments: [HTTPRequest.Method.get, .put])
    func doesNotSendARequestAgainWhenItsConnectionTurnsOutClosed(method: HTTPRequest.Method) async throws {
        let token = HTTPField.Name("X-Token")!
        try await withWire(handler: Self.hello) { wire in
            wire.server.setFault { $0.numberOnConnection == 2 && $0.connection == 1 ? .closeBeforeHandling : nil }
            let body: RequestBody = method == .put ? .bytes(sample(100_000)) : .none
            _ = try await wire.client.perform(wire.request(method, "/", [token: "1"]), body: body)
            let error = try await failure {
                try await wire.client.perform(wire.request(method, "/", [token: "2"]), body: body)
            }
            #expect(error.kind == .staleConnection)
            #expect(error.requestMayHaveBeenSent)
            #expect(error.typeName == "stale_connection")
            let (response, _) = try await wire.client.answer(wire.request(method, "/", [token: "3"]), body: body)
            #expect(response.status == .ok)
            #expect(wire.server.requests.map { $0.headers["X-Token"] } == ["1", "2", "3"])
            let connections = wire.server.requests.map(\.connection)
            #expect(connections[1] == connections[0] && connections[2] > connections[1])
        }
    }

    /// The close is seen while the body goes out, of which the server reads nothing, a little or much.
    @Test(
        "Case 28: an idle connection that breaks while a request is sent is known as closed",
        arguments: [0, 1000, 1 << 20]
    )
    func knowsAConnectionForClosedWhileItSends(count: Int) async throws {
        try await withWire(handler: Self.hello) { wire in
            wire.server.setFault { $0.numberOnConnection == 2 ? .closeWhileReading(after: count) : nil }
            let body = RequestBody.bytes(sample(8 << 20))
            _ = try await wire.client.perform(wire.request())
            let error = try await failure { try await wire.client.perform(wire.request(.put), body: body) }
            #expect(error.kind == .staleConnection, "\(error)")
            #expect(error.requestMayHaveBeenSent)
            #expect(try await wire.client.perform(wire.request(.put), body: body).response.status == .ok)
        }
    }

    /// Whether the close is seen before the next request or after, no token reaches the server twice.
    @Test func survivesConnectionsThatCloseWhileIdle() async throws {
        try await withWire(handler: Self.hello) { wire in
            wire.server.setFault { $0.number % 2 == 1 ? .deliver(.wholeThenStale) : nil }
            var answered = 0
            for index in 0..<50 {
                do throws(CurlError) {
                    _ = try await wire.client.perform(wire.request(.get, "/\(index)"))
                    answered += 1
                } catch {
                    #expect(error.kind == .staleConnection, "\(error)")
                }
            }
            #expect(answered >= 25)
            let targets = wire.server.requests.map(\.target)
            #expect(Set(targets).count == targets.count)
        }
    }

    /// libcurl counts its would-be second sends over all transfers of a handle, and reports another error after five.
    @Test func everyClosedConnectionIsKnownAsOneHoweverMany() async throws {
        try await withWire(handler: Self.hello) { wire in
            wire.server.setFault { $0.numberOnConnection == 2 ? .closeBeforeHandling : nil }
            for index in 0..<12 {
                _ = try await wire.client.perform(wire.request(.get, "/\(index)"))
                let error = try await failure { try await wire.client.perform(wire.request(.get, "/\(index)/again")) }
                #expect(error.kind == .staleConnection, "\(error)")
            }
        }
    }

    @Test func closesItsConnectionsWithTheEngine() async throws {
        let closed = Gate()
        let server = try RawServer { connection in
            guard connection.readHead() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            if connection.readHead() == nil { closed.open() }
        }
        defer { server.stop() }
        do {
            let client = HTTPClient(engine: HTTPEngine(), configuration: direct)
            #expect(try await client.perform(request(to: server.port)).body == Array("ok".utf8))
        }
        await closed.wait()
    }

    @Test func keepsTheEngineForAResponseThatIsStillRead() async throws {
        try await withHTTPServer { _ in
            HTTPServer.Response(200, body: .repeating([7], length: 16 << 20))
        } run: { server in
            let exchange: HTTPExchange
            do {
                let client = HTTPClient(engine: HTTPEngine(), configuration: direct)
                exchange = try await client.send(request(to: server.port))
            }
            #expect(try await exchange.collect(limit: 32 << 20).bytes.count == 16 << 20)
        }
    }

    @Test func startsAndEndsManyEngines() async throws {
        try await withHTTPServer(handler: Self.hello) { server in
            for _ in 0..<50 {
                _ = HTTPEngine()
                let client = HTTPClient(engine: HTTPEngine(), configuration: direct)
                _ = try await client.perform(request(to: server.port))
            }
            #expect(Set(server.requests.map(\.connection)).count == 50)
        }
    }

    @Test func saysWhichLibraryItIs() {
        #expect(HTTPEngine.libraryVersion.hasPrefix("libcurl/"))
    }
}
