import Blocks
import MESH
import ProgramFixture
import TestServers
import Testing
import Transfer

@Suite(.timeLimit(.minutes(1)))
struct DownloadTests {
    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 1_000_000])
    func readsAWholeMessage(count: Int) async throws {
        try await withPost([MESHMessage("ABC1", [.bytes(sample(count))])]) { post in
            let head = try await post.inbox.head("ABC1")
            #expect(head.number == 1 && head.total == 1 && head.contentLength == count && !head.isCompressed)
            #expect(try await post.inbox.content("ABC1") == sample(count))
            let request = try #require(post.server.http.requests.last)
            #expect(request.target == "/messageexchange/X26ABC1/inbox/ABC1")
            #expect(request.headers.values("Accept") == ["application/vnd.mesh.v2+json"])
            #expect(request.headers["Accept-Encoding"] == "gzip")
        }
    }

    @Test func readsAMessageInChunks() async throws {
        let chunks = [sample(100_000), [], [7], gzip(sample(50_000)), gzip([])]
        let message = MESHMessage("ABC1", chunks.enumerated().map { $0 < 3 ? .bytes($1) : .gzip($1) })
        let contents = [chunks[0], chunks[1], chunks[2], sample(50_000), []]
        try await withPost([message]) { post in
            for number in 1...5 {
                let head = try await post.inbox.head("ABC1", chunk: number)
                #expect(head.number == number && head.total == 5 && head.isCompressed == (number > 3))
                #expect(try await post.inbox.content("ABC1", chunk: number, blockSize: 999) == contents[number - 1])
            }
            #expect(post.server.http.requests.last?.target == "/messageexchange/X26ABC1/inbox/ABC1/5")
        }
    }

    @Test func readsFieldsAsUTF8OrElseAsLatin1() async throws {
        var message = MESHMessage("ABC1", text: "")
        message.headers = HTTPServer.Headers([
            .init("Mex-Subject", bytes: [0x63, 0x61, 0x66, 0xE9]), .init("Mex-FileName", "café ☕️.dat"),
            .init("Mex-LocalID", bytes: [0x80, 0xC3, 0x28]), .init("mEX-pArTnErId", "..%2F../x"),
        ])
        try await withPost([message]) { post in
            let attributes = try await post.inbox.head("ABC1").attributes
            #expect(attributes["subject"] == "café")
            #expect(attributes["filename"] == "café ☕️.dat")
            #expect(attributes["localid"] == "\u{80}\u{C3}(")
            #expect(attributes["partnerid"] == "..%2F../x")
            #expect(attributes["messageid"] == "ABC1" && attributes["from"] == "X26ABC2")
            #expect(attributes["content-length"] == nil && !attributes.isReport)
        }
    }

    @Test func readsAReport() async throws {
        try await withPost([MESHMessage.report("REP1", on: "ABC1")]) { post in
            let head = try await post.inbox.head("REP1")
            #expect(head.number == 1 && head.total == 0 && head.attributes.isReport)
            #expect(head.attributes["linkedmsgid"] == "ABC1" && head.attributes["from"] == nil)
            #expect(try await post.inbox.content("REP1").isEmpty)
        }
    }

    @Test(arguments: [
        ("0:0", false), ("1:0", false), ("x", false), ("2:1", false), ("", false), ("1", false), ("1:1:1", false),
        ("-1:1", false), ("1:99999999999999999999", false), ("1:1000000000", false), ("2:2", false), ("٣:٣", false),
        ("0:0", true), ("x", true), ("2:1", true),
    ])
    func refusesAnImpossibleRange(range: String, isReport: Bool) async throws {
        var message = isReport ? MESHMessage.report("ABC1") : MESHMessage("ABC1", text: "hello")
        message.headers["Mex-Chunk-Range"] = range
        try await withPost([message]) { [message] post in
            let failure = try await failure { try await post.inbox.head(message.id) }
            #expect(failure.kind == .invalidMessage)
            #expect(failure.type == "chunk_range")
        }
    }

    @Test func refusesAFirstChunkThatSaysThatNoMoreFollow() async throws {
        var message = MESHMessage("ABC1", text: "hello")
        message.headers["Mex-Chunk-Range"] = "1:2"
        try await withPost([message]) { post in
            let refusal = try await failure { try await post.inbox.head("ABC1") }
            #expect(refusal.kind == .invalidMessage && refusal.type == "chunk_range")
        }
    }

    @Test func refusesALastChunkThatSaysThatMoreFollow() async throws {
        var message = MESHMessage("ABC1", text: "hello")
        message.chunks[0].status = 206
        try await withPost([message]) { post in
            let refusal = try await failure { try await post.inbox.head("ABC1") }
            #expect(refusal.type == "chunk_range")
        }
    }

    /// Without its headers the first of many chunks looks like a whole message.
    @Test func doesNotTrustAnAnswerThatDoesNotNameTheMessage() async throws {
        var nameless = MESHMessage("ABC1", [.bytes(sample(10)), .bytes(sample(10))])
        nameless.omittedHeaders = ["Mex-MessageID"]
        var other = MESHMessage("ABC2", text: "text")
        other.omittedHeaders = ["Mex-MessageID"]
        other.headers = HTTPServer.Headers([.init("Mex-MessageID", "ABC3")])
        try await withPost([nameless, other]) { post in
            for (id, type) in [("ABC1", "foreign_answer"), ("ABC2", "other_message")] {
                let failure = try await failure { _ = try await post.inbox.head(id) }
                #expect(failure.kind == .transient)
                #expect(failure.type == type)
            }
            // The API does not promise that a later chunk is named; it has its range.
            #expect(try await post.inbox.content("ABC1", chunk: 2) == sample(10))
        }
    }

    @Test func takesAMessageWithoutARangeForWholeUnlessItIsPartial() async throws {
        var whole = MESHMessage("ABC1", text: "hello")
        whole.omittedHeaders = ["Mex-Chunk-Range", "Mex-Total-Chunks"]
        let partial = {
            var message = MESHMessage("ABC2", [.text("a"), .text("b")])
            message.omittedHeaders = whole.omittedHeaders
            return message
        }()
        try await withPost([whole, partial]) { post in
            let head = try await post.inbox.head("ABC1")
            #expect(head.number == 1 && head.total == 1)
            let refusal = try await failure { try await post.inbox.head("ABC2") }
            #expect(refusal.kind == .invalidMessage)
        }
    }

    @Test(
        "Case 11: ids are percent-encoded in URLs",
        arguments: ["/", "?", "#", "%", "é", "a/../b?c=d#e%2F", "../../x", ".", "..", " ", "\u{1}", "+&;="]
    )
    func encodesTheIDInThePath(id: String) async throws {
        try await withPost([MESHMessage(id, [.text("one"), .text("two")])]) { post in
            #expect(try await post.inbox.content(id) == Array("one".utf8))
            #expect(try await post.inbox.content(id, chunk: 2) == Array("two".utf8))
            try await post.inbox.acknowledge(MessageID(id))
            #expect(post.server.acknowledged() == [id])
            for request in post.server.http.requests {
                let segments = request.target.split(separator: "/", omittingEmptySubsequences: false)
                #expect(segments.prefix(4) == ["", "messageexchange", "X26ABC1", "inbox"])
                #expect(!segments.contains(".") && !segments.contains(".."))
            }
        }
    }

    @Test(arguments: [0, 1, 999])
    func takesABodyCutShortForABrokenTransfer(count: Int) async throws {
        for isGzip in [false, true] {
            var message = MESHMessage("ABC1", [isGzip ? .gzip(gzip(sample(99_999))) : .bytes(sample(1000))])
            message.chunks[0].delivery = .cutBody(after: isGzip ? count / 9 : count)
            try await withPost([message]) { post in
                let failure = try await failure { try await post.inbox.content("ABC1", blockSize: 4096) }
                #expect(failure.kind == .transient)
                #expect(failure.type == "truncated_response")
            }
        }
    }

    @Test(arguments: [false, true])
    func doesNotTakeADamagedBodyForWholeBeforeAllOfItCame(isGzip: Bool) async throws {
        // Damage right at the start, and the break long after it.
        let garbage = isGzip ? gzip([1]) + sample(500_000) : sample(500_000)
        var message = MESHMessage("ABC1", [.gzip(garbage)])
        message.chunks[0].delivery = .cutBody(after: 400_000)
        try await withPost([message]) { post in
            let failure = try await failure { try await post.inbox.content("ABC1", scratchSize: 4096) }
            #expect(failure.kind == .transient)
        }
    }

    @Test func doesNotTrustABodyWithoutALength() async throws {
        try await withPost { post in
            let raw = "HTTP/1.1 200 OK\r\nMex-MessageID: ABC1\r\nMex-Chunk-Range: 1:1\r\n\r\nhello"
            post.answer(HTTPServer.Response(200, delivery: .raw(Array(raw.utf8))))
            let failure = try await failure { try await post.inbox.content("ABC1") }
            #expect(failure.kind == .transient)
            #expect(failure.type == "unframed_response")
        }
    }

    @Test func readsAChunkedTransfer() async throws {
        try await withPost { post async throws in
            let head = "HTTP/1.1 200 OK\r\nMex-MessageID: ABC1\r\nTransfer-Encoding: chunked\r\n\r\n"
            let raw = head + "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
            post.answer(HTTPServer.Response(200, delivery: .raw(Array(raw.utf8))))
            #expect(try await post.inbox.head("ABC1").contentLength == nil)
            #expect(try await post.inbox.content("ABC1") == Array("hello".utf8))
        }
    }

    @Test(arguments: ["br", "deflate", "gzip, br", "zstd"])
    func refusesAnEncodingThatWasNotOffered(encoding: String) async throws {
        var message = MESHMessage("ABC1", text: "hello")
        message.headers["Content-Encoding"] = encoding
        try await withPost([message]) { post in
            let failure = try await failure { try await post.inbox.head("ABC1") }
            #expect(failure.kind == .invalidMessage && failure.type == "unknown_encoding")
        }
    }

    /// `Mex-Content-Compressed` is no second layer.
    @Test func decidesByContentEncodingAlone() async throws {
        var message = MESHMessage("ABC1", [.bytes(gzip(sample(10)))])
        message.headers["Mex-Content-Compressed"] = "Y"
        try await withPost([message]) { post async throws in
            #expect(try await post.inbox.content("ABC1") == gzip(sample(10)))
        }
    }

    @Test func givesUpAChunk() async throws {
        try await withPost([.repeating("ABC1", pattern: [1], length: 64 << 20, chunks: 1)]) { post in
            let chunk = try await post.inbox.download(MessageID("ABC1"), chunk: 1, as: .content)
            chunk.cancel()
            let failure = try await failure {
                while try await chunk.read(into: Block(capacity: 1 << 20), scratch: nil) == false {}
            }
            #expect(failure.kind == .cancelled)
        }
    }

    @Test(arguments: ["0:0", "1:0", "x", "2:1", ""], ["gzip", "br", ""])
    func readsAMalformedMessageAsItCame(range: String, encoding: String) async throws {
        var message = MESHMessage("ABC1", [.bytes(sample(1000))])
        message.headers["Mex-Chunk-Range"] = range
        if !encoding.isEmpty { message.headers["Content-Encoding"] = encoding }
        try await withPost([message]) { post in
            let head = try await post.inbox.head("ABC1", as: .asReceived)
            #expect(head.number == 1 && head.total == 1 && !head.isCompressed)
            let content = try await post.inbox.content("ABC1", as: .asReceived, blockSize: 7)
            #expect(content == sample(1000))
        }
    }

    @Test func doesNotTakePartOfAMalformedMessageForAllOfIt() async throws {
        var message = MESHMessage("ABC1", [.text("one"), .text("two")])
        message.headers["Mex-Chunk-Range"] = "x"
        try await withPost([message]) { post in
            let partial = try await failure { try await post.inbox.head("ABC1", as: .asReceived) }
            #expect(partial.type == "chunk_range")
            let later = try await failure { try await post.inbox.head("ABC1", chunk: 2, as: .asReceived) }
            #expect(later.type == "chunk_range")
        }
    }

    @Test func noticesACutInWhatItReadsAsItCame() async throws {
        var message = MESHMessage("ABC1", [.gzip(sample(1000))])
        message.chunks[0].delivery = .cutBody(after: 999)
        try await withPost([message]) { post in
            let cut = try await failure { try await post.inbox.content("ABC1", as: .asReceived) }
            #expect(cut.kind == .transient)
        }
    }
}
