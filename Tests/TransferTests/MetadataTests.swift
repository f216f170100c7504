import Digests
import Testing
import Transfer

@Suite struct MetadataTests {
    private let digest = SHA256.hash([UInt8]())

    @Test func holdsIDDigestAndHeadersAsSortedASCII() {
        let metadata = MessageMetadata.make(
            id: MessageID("ID/1"),
            attributes: MessageAttributes(values: ["filename": "Müller &.dat", "to": "X", "chunk-range": "1:2"]),
            sha256: digest
        )
        #expect(metadata.entries.map(\.name) == ["meshfilename", "meshmessageid", "meshto", "sha256"])
        #expect(metadata["meshfilename"] == "M%C3%BCller%20%26.dat")
        #expect(metadata["meshmessageid"] == "ID%2F1")
        #expect(metadata["sha256"] == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(MessageMetadata.isOf(MessageID("ID/1"), metadata))
        #expect(!MessageMetadata.isOf(MessageID("ID/2"), metadata))
    }

    @Test func cutsTheLongestValuesToFit() throws {
        let metadata = MessageMetadata.make(
            id: MessageID("ID1"),
            attributes: MessageAttributes(values: [
                "filename": String(repeating: "é", count: 5000), "subject": String(repeating: "s", count: 9000),
                "from": "X26",
            ]),
            sha256: digest
        )
        let size = metadata.entries.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        #expect(size <= 7168)
        #expect(metadata["meshfrom"] == "X26")
        #expect(metadata["meshmessageid"] == "ID1")
        let name = try #require(metadata["meshfilename"])
        #expect(name.hasSuffix("~cut"))
        #expect(name.dropLast(4).count % 3 == 0)
    }
}

@Suite struct BlockSizingTests {
    private let sizing = BlockSizing(capacity: 32 << 20)

    private func head(_ length: Int?, total: Int = 1, gzip: Bool = false) -> ChunkHead {
        ChunkHead(number: 1, total: total, contentLength: length, isCompressed: gzip, attributes: MessageAttributes())
    }

    @Test func smallMessagesTakeLittle() {
        #expect(sizing.need(for: head(0)).sizes == [4096])
        #expect(sizing.need(for: head(4095)).sizes == [4096])
        #expect(sizing.need(for: head(4096)).sizes == [8192])
        #expect(sizing.need(for: head(100 << 20)).sizes == [4 << 20])
    }

    @Test func chunkedAndCompressedOnesTakeAScratchBlock() {
        #expect(sizing.need(for: head(1000, total: 2)).sizes == [4 << 20, 256 << 10])
        #expect(sizing.need(for: head(1000, gzip: true)).sizes == [64 << 10, 4096])
        #expect(sizing.need(for: head(nil)).sizes == [4 << 20])
    }

    @Test(arguments: [16 << 10, 100_000, 8 << 20, 32 << 20, 1 << 30])
    func aNeedIsNeverMoreThanThePoolHas(capacity: Int) {
        let sizing = BlockSizing(capacity: capacity)
        for length in [nil, 0, 1, 4096, 1 << 20, 100 << 20, Int.max] {
            for total in [0, 1, 2, 1000, 50_000_000] {
                for gzip in [false, true] {
                    let need = sizing.need(for: head(length, total: total, gzip: gzip))
                    #expect(need.sizes.reduce(0, +) <= capacity)
                    #expect(need.later <= capacity && need.later > 0)
                }
            }
        }
    }

    @Test func aHundredGigabytesFitTheBlocksOfABlob() {
        let need = sizing.need(for: head(100_000_000, total: 1000))
        #expect(need.later * BlockSizing.maxBlocks > 100_000_000_000)
    }
}
