import MESH
import ProgramFixture
import TestServers
import Testing
import Transfer

@Suite(.timeLimit(.minutes(1)))
struct GzipTests {
    @Test("Case 2: every gzip member of a chunk is decoded", arguments: [1, 2, 3, 4096, 1 << 20], [1, 7, 4096])
    func decodesMembersAcrossBlocks(blockSize: Int, scratchSize: Int) async throws {
        let contents = [sample(3000), [], sample(1), Array("hello".utf8), sample(5000)]
        let body = contents.flatMap(gzip)
        try await withPost([MESHMessage("ABC1", [.gzip(body)])]) { post in
            let content = try await post.inbox.content("ABC1", blockSize: blockSize, scratchSize: scratchSize)
            #expect(content == Array(contents.joined()))
        }
    }

    /// gzip of "second," as Python's gzip module writes it.
    @Test func decodesWhatOthersEncoded() async throws {
        let body: [UInt8] = [
            0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x2b, 0x4e, 0x4d, 0xce, 0xcf, 0x4b, 0xd1, 0x01,
            0x00, 0x83, 0x45, 0x02, 0xd4, 0x07, 0x00, 0x00, 0x00,
        ]
        try await withPost([MESHMessage("ABC1", [.gzip(body)])]) { post async throws in
            #expect(try await post.inbox.content("ABC1") == Array("second,".utf8))
        }
    }

    @Test func decodesAnEmptyMember() async throws {
        try await withPost([MESHMessage("ABC1", [.gzip(gzip([]))])]) { post async throws in
            #expect(try await post.inbox.head("ABC1").isCompressed)
            #expect(try await post.inbox.content("ABC1").isEmpty)
            #expect(try await post.inbox.content("ABC1", blockSize: 1, scratchSize: 1).isEmpty)
        }
    }

    /// MESH gives out an empty message as an empty member.
    @Test func takesNothingAtAllForDamage() async throws {
        try await withPost([MESHMessage("ABC1", [.gzip([])])]) { post in
            let failure = try await failure { try await post.inbox.content("ABC1") }
            #expect(failure.kind == .damaged)
        }
    }

    /// A thousand bytes of content for one on the wire come out a block at a time.
    @Test(arguments: [512, 65_536])
    func decodesABombInSmallBlocks(blockSize: Int) async throws {
        let content = [UInt8](repeating: 0, count: 8 << 20)
        let body = gzip(content)
        #expect(body.count * 1000 < content.count)
        try await withPost([MESHMessage("ABC1", [.gzip(body)])]) { post in
            let decoded = try await post.inbox.content("ABC1", blockSize: blockSize, scratchSize: 512)
            #expect(decoded == content)
        }
    }

    /// Every place at which a body of full length can end too early, and every kind of damage.
    @Test("Case 1: a gzip that ends too early is damage, wherever it ends") func findsDamage() async throws {
        let whole = gzip(sample(200))
        var bodies = (1..<whole.count).map { Array(whole.prefix($0)) }
        bodies += [1, 9, 10, 19].map { whole + whole.prefix($0) }
        bodies += [whole + [0], whole + [0, 0], whole + Array("garbage".utf8), [0] + whole, Array("plain text".utf8)]
        for place in [0, 1, 2, whole.count - 8, whole.count - 4, whole.count - 1] {
            var body = whole
            body[place] ^= 0x55
            bodies.append(body)
        }
        let messages = bodies.enumerated().map { MESHMessage("ABC\($0)", [.gzip($1)]) }
        try await withPost(messages) { post in
            for message in messages {
                for size in [1, 4096] {
                    let failure = try await failure {
                        try await post.inbox.content(message.id, blockSize: 4096, scratchSize: size)
                    }
                    #expect(failure.kind == .damaged, "\(message.id): \(failure)")
                    #expect(failure.type == "gzip_damaged")
                }
            }
        }
    }
}
