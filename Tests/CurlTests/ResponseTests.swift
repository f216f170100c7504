import Blocks
import Curl
import HTTPTypes
import Synchronization
import TestServers
import Testing

@Suite(.timeLimit(.minutes(2)))
struct ResponseTests {
    @Test(arguments: [0, 1, 4095, 4096, 4097, 65_536, 131_072, 1_048_579], [1, 4096, 65_536, 2 << 20])
    func fillsBlocksOfAnySizeFromBodiesOfAnySize(count: Int, blockSize: Int) async throws {
        if blockSize == 1 && count > 65_536 { return }
        let content = sample(count)
        try await withWire { _ in
            HTTPServer.Response(200, body: .bytes(content))
        } run: { wire in
            let exchange = try await wire.client.send(wire.request())
            #expect(try await readAll(exchange, blockSize: blockSize) == content)
        }
    }

    @Test func saysTheEndWithOrAfterABlockThatIsJustFull() async throws {
        try await withWire { _ in
            HTTPServer.Response(200, body: .bytes(sample(8192)))
        } run: { wire in
            let exchange = try await wire.client.send(wire.request())
            let block = Block(capacity: 8192)
            let end = try await exchange.read(into: block)
            #expect(Array(block.bytes) == sample(8192))
            let rest = Block(capacity: 1)
            if end == nil { #expect(try await exchange.read(into: rest) == .lengthMet) }
            #expect(try await exchange.read(into: rest) == .lengthMet)
            #expect(rest.isEmpty)
        }
    }

    @Test func appendsToWhatABlockHolds() async throws {
        try await withWire { _ in
            HTTPServer.Response(200, body: .text("world"))
        } run: { wire in
            let block = Block(capacity: 64)
            Array("hello ".utf8).withUnsafeBytes { _ = block.append($0) }
            let exchange = try await wire.client.send(wire.request())
            #expect(try await exchange.read(into: block) == .lengthMet)
            #expect(String(decoding: block.bytes, as: UTF8.self) == "hello world")
        }
    }

    @Test(arguments: [0, 1, 600, 99_999])
    func closesTheConnectionWhenMoreComesThanIsKept(limit: Int) async throws {
        let content = sample(8 << 20)
        try await withWire { _ in
            HTTPServer.Response(200, body: .bytes(content))
        } run: { wire in
            for _ in 1...2 {
                let answer = try await wire.client.perform(wire.request(), limit: limit)
                #expect(answer.body == Array(content.prefix(limit)))
                #expect(answer.end == .cutOff)
            }
            #expect(wire.server.requests.map(\.connection) == [1, 2])
        }
    }

    @Test(arguments: [100_000, 200_000]) func keepsTheConnectionOfABodyThatIsKept(limit: Int) async throws {
        let content = sample(100_000)
        try await withWire { _ in
            HTTPServer.Response(200, body: .bytes(content))
        } run: { wire in
            for _ in 1...2 {
                let answer = try await wire.client.perform(wire.request(), limit: limit)
                #expect(answer.body == content && answer.end == .lengthMet)
            }
            #expect(wire.server.requests.map(\.connection) == [1, 1])
        }
    }

    @Test func givesTheHeadWhileTheBodyIsStillToCome() async throws {
        let latch = Latch()
        try await withWire { _ in
            HTTPServer.Response(200, headers: ["X-Early": "yes"], body: .stalling(at: latch, length: 1 << 20))
        } run: { wire in
            defer { latch.open() }
            let exchange = try await wire.client.send(wire.request())
            #expect(exchange.response.headerFields[.init("x-early")!] == "yes")
            let block = Block(capacity: 1000)
            #expect(try await exchange.read(into: block) == nil)
            latch.open()
            #expect(try await readAll(exchange, blockSize: 65_536).count == (1 << 20) - 1000)
        }
    }

    /// A reader that offers no block: what the server can write is bounded by the buffers of the sockets and by what the
    /// exchange keeps aside.
    @Test func holdsTheServerBackWhileNobodyReads() async throws {
        let length = 64 << 20
        let written = Atomic<Int>(0)
        try await withWire { request in
            guard request.target == "/large" else { return HTTPServer.Response(200) }
            return HTTPServer.Response(
                200,
                body: .generated(length: length) { offset, buffer in
                    written.store(offset + buffer.count, ordering: .relaxed)
                    buffer.initializeMemory(as: UInt8.self, repeating: UInt8(truncatingIfNeeded: offset >> 18))
                }
            )
        } run: { wire in
            let exchange = try await wire.client.send(wire.request(.get, "/large"))
            // Other requests go through the same loop until the server has stood still during a hundred of them.
            var last = -1
            var still = 0
            while still < 100 {
                _ = try await wire.client.perform(wire.request())
                let now = written.load(ordering: .relaxed)
                still = now == last ? still + 1 : 0
                last = now
            }
            #expect(last < 24 << 20, "the server wrote \(last) bytes to nobody")
            let block = Block(capacity: 1 << 20)
            var count = 0
            var ended = false
            while !ended {
                block.clear()
                ended = try await exchange.read(into: block) != nil
                if let first = block.bytes.first { #expect(first == UInt8(truncatingIfNeeded: count >> 18)) }
                count += block.count
            }
            #expect(count == length)
        }
    }

    @Test func keepsRawBytesOfFields() async throws {
        try await withWire { _ in
            HTTPServer.Response(
                200,
                headers: HTTPServer.Headers([
                    .init("Mex-Subject", bytes: [0x63, 0xE9, 0x20, 0xFF]), .init("X-é", "no"),
                ])
            )
        } run: { wire in
            let (response, _) = try await wire.client.answer(wire.request())
            var values: [[UInt8]] = []
            response.headerFields.forEach(prefix: "mex-") { name, value in
                if name.elementsEqual("subject".utf8) { values.append(Array(value)) }
            }
            #expect(values == [[0x63, 0xE9, 0x20, 0xFF]])
        }
    }

    @Test func keepsFieldsThatComeTwiceAndTrimsValues() async throws {
        let (response, body) = try await answer(
            "HTTP/1.1 200 OK\r\nX-A: 1\r\nX-B:\t \r\nX-A:  2 \r\nContent-Length:1\r\n\r\n-"
        )
        #expect(response.headerFields[.init("x-a")!] == "1, 2")
        #expect(response.headerFields[.init("x-b")!] == "")
        #expect(body == "-")
    }

    @Test func passesOverInterimHeads() async throws {
        let (response, body) = try await answer(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                + "HTTP/1.1 206 Partial Content\r\nContent-Length: 2\r\n\r\nok"
        )
        #expect(response.status == .partialContent)
        #expect(names(response) == ["content-length"])
        #expect(body == "ok")
    }

    @Test func leavesTrailersOutOfTheHeadAndTheBody() async throws {
        let (response, body) = try await answer(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Trailer: t\r\n\r\n"
        )
        #expect(names(response) == ["transfer-encoding"])
        #expect(body == "abcde")
    }

    @Test func saysWhenABodyHasNoLength() async throws {
        try await withWire { _ in
            HTTPServer.Response(200, delivery: .raw(Array("HTTP/1.1 200 OK\r\n\r\nuntil the end".utf8)))
        } run: { wire in
            let exchange = try await wire.client.send(wire.request())
            let content = try await exchange.collect(limit: 1 << 10)
            #expect(content.bytes == Array("until the end".utf8))
            #expect(content.end == .connectionClosed && !content.end.isWhole)
        }
    }

    @Test func followsNoRedirect() async throws {
        try await withWire { request in
            HTTPServer.Response(302, headers: ["Location": "/elsewhere"], body: .text(request.target))
        } run: { wire in
            let (response, body) = try await wire.client.answer(wire.request(.get, "/here"))
            #expect(response.status.code == 302)
            #expect(body == Array("/here".utf8))
            #expect(wire.server.requests.count == 1)
        }
    }

    @Test(arguments: ["gzip", "deflate", "br", "unheard-of"])
    func decodesNothing(encoding: String) async throws {
        let content: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        try await withWire { _ in
            HTTPServer.Response(200, headers: ["Content-Encoding": encoding], body: .bytes(content))
        } run: { wire in
            let (response, body) = try await wire.client.answer(wire.request())
            #expect(response.headerFields[.contentEncoding] == encoding)
            #expect(body == content)
        }
    }

    private func names(_ response: Response) -> [String] {
        var names: [String] = []
        response.headerFields.forEach(prefix: "") { name, _ in names.append(String(decoding: name, as: UTF8.self)) }
        return names
    }

    private func answer(_ raw: String) async throws -> (response: Response, body: String) {
        try await withWire { _ in
            HTTPServer.Response(200, delivery: .raw(Array(raw.utf8)))
        } run: { wire in
            let (response, body) = try await wire.client.answer(wire.request())
            return (response, String(decoding: body, as: UTF8.self))
        }
    }
}
