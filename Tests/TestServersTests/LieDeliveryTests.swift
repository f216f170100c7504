import Testing

@testable import TestServers

/// What of a lie comes over the wire.
struct LieDeliveryTests {
    /// The first bytes that a client gets for a request that is lied to, all of them if the connection is closed.
    private func received(_ lie: Lie, atLeast length: Int? = nil) async throws -> String {
        try await withHTTPServer { _ in
            HTTPServer.Response(206, headers: ["A": "b"], body: .text("content"))
        } run: { server in
            server.setFault { _ in .lie(lie) }
            let client = try RawClient(port: server.port)
            let bytes = try await client.sendAndDrain(Array("GET / HTTP/1.1\r\nHost: h\r\n\r\n".utf8), enough: length)
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// The fields of each framing; `|` stands where the head ends.
    private static let framings: [(Framing, String)] = [
        (.length, "Content-Length: 7|"), (.equalLengths, "Content-Length: 7|Content-Length: 7|"),
        (.listedLength, "Content-Length: 7, 7|"), (.differingLengths, "Content-Length: 7|Content-Length: 3|"),
        (.hugeLength, "Content-Length: 99999999999999999999999|"), (.hexadecimalLength, "Content-Length: 0x7|"),
        (.negativeLength, "Content-Length: -7|"), (.emptyLength, "Content-Length: |"),
        (.identityCoding, "Transfer-Encoding: identity|"), (.unknownCoding, "Transfer-Encoding: foo|"),
        (.emptyCoding, "Transfer-Encoding: |"), (.untilClose, ""), (.chunked, "Transfer-Encoding: chunked|"),
        (.chunkedAndLength, "Transfer-Encoding: chunked|Content-Length: 7|"),
        (.gzipChunked, "Transfer-Encoding: gzip, chunked|"),
    ]

    @Test(arguments: framings) func bodiesAreFramedAsAsked(framing: Framing, fields: String) async throws {
        let head = "HTTP/1.1 206 OK\r\nA: b\r\n" + fields.replacing("|", with: "\r\n") + "\r\n"
        let isChunked = fields.contains("chunked|")
        #expect(try await received(.framed(framing)) == head + (isChunked ? "7\r\ncontent\r\n0\r\n\r\n" : "content"))
        #expect(try await received(.framed(framing, isCut: true)) == head + (isChunked ? "3\r\ncon\r\n" : "con"))
    }

    @Test func anOldServerClosesAtTheEnd() async throws {
        #expect(try await received(.framed(.untilCloseOfHTTP10)) == "HTTP/1.0 206 OK\r\nA: b\r\n\r\ncontent")
    }

    @Test func rawBytesComeAsTheyAre() async throws {
        #expect(try await received(.raw([0x3F, 0x21])) == "?!")
    }

    @Test func aConnectionIsKeptOpenWhereThatIsAsked() async throws {
        try await withHTTPServer { _ in
            HTTPServer.Response(200)
        } run: { server in
            server.setFault { _ in .lie(.raw([0x3F], closes: false)) }
            let client = try RawClient(port: server.port)
            for _ in 1...2 {
                let bytes = try await client.sendAndDrain(Array("GET / HTTP/1.1\r\nHost: h\r\n\r\n".utf8), enough: 1)
                #expect(bytes == [0x3F])
            }
            #expect(server.requests.map(\.connection) == [1, 1])
        }
    }

    @Test(arguments: [
        (Lie.endlessBody(500, of: Array("xyz".utf8)), "HTTP/1.1 500 OK\r\n", "xyzxyz"),
        (.neverEnding, "HTTP/1.1 206 OK\r\nA: b\r\nTransfer-Encoding: chunked\r\n\r\n", "contentcontent"),
        (.endlessHead, "HTTP/1.1 200 OK\r\nX-More: of the same\r\n", "X-More: of the same\r\nX-More"),
        (.endlessInterimAnswers, "HTTP/1.1 103 Early Hints\r\n", "\r\n\r\nHTTP/1.1 103 Early Hints\r\n"),
    ])
    func someAnswersHaveNoEnd(lie: Lie, start: String, again: String) async throws {
        let text = try await received(lie, atLeast: 5_000_000)
        #expect(text.hasPrefix(start))
        #expect(text.utf8.suffix(100_000).firstRange(of: Array(again.utf8)) != nil)
    }

    @Test func aSlowAnswerComesByteByByte() async throws {
        let whole = "HTTP/1.1 206 Partial Content\r\nA: b\r\nContent-Length: 7\r\n\r\ncontent"
        for headAtOnce in [false, true] {
            let start = ContinuousClock.now
            let lie = Lie.slow(every: .milliseconds(2), headAtOnce: headAtOnce)
            #expect(try await received(lie, atLeast: whole.utf8.count) == whole)
            let pauses = headAtOnce ? 7 : whole.utf8.count
            #expect(ContinuousClock.now - start >= .milliseconds(2) * pauses)
        }
    }

    @Test(arguments: [Lie.silence, .neverEnding, .slow(every: .seconds(60)), .endlessInterimAnswers])
    func aServerStopsWhateverItIsTelling(lie: Lie) async throws {
        try await withHTTPServer { _ in
            HTTPServer.Response(200)
        } run: { server in
            let arrived = Gate()
            server.setFault { _ in .before { arrived.open() }.and(.lie(lie)) }
            let client = try RawClient(port: server.port)
            async let bytes = client.sendAndDrain(Array("GET / HTTP/1.1\r\nHost: h\r\n\r\n".utf8))
            await arrived.wait()
            server.stop()
            _ = try await bytes
        }
    }
}
