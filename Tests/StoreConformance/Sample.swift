import Blocks
import Transfer

/// A blob to be stored: content and metadata that tell whose it is.
struct Sample: Sendable {
    let name: BlobName
    let content: [UInt8]
    let metadata: BlobMetadata

    init(
        _ path: String = "2024-01-15/ABC_20240115T143045.dat",
        id: String = "20240115143045000001_A1B2C3",
        bytes: Int = 100
    ) {
        self.name = BlobName(path)
        // Each place and each id gives other bytes, so that a block in the wrong place shows.
        let seed = id.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        var state = seed
        self.content = (0..<bytes).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        self.metadata = BlobMetadata(sortedEntries: [
            BlobMetadata.Entry(name: "meshfilename", value: "Zo%C3%AB%20%22x%22%5C.dat"),
            BlobMetadata.Entry(name: "meshmessageid", value: id),
            BlobMetadata.Entry(name: "sha256", value: String(seed, radix: 16)),
        ])
    }

    var blob: BlobDescription { BlobDescription(name: name, metadata: metadata) }

    /// The bytes of a range as a block, with room to spare.
    func block(_ range: Range<Int>) -> Block {
        let block = Block(capacity: max(range.count, 1) + 7)
        content[range].withUnsafeBytes { _ = block.append($0) }
        return block
    }

    var block: Block { block(0..<content.count) }

    /// The ranges of blocks of a size, the last one shorter.
    func ranges(of size: Int) -> [Range<Int>] {
        stride(from: 0, to: content.count, by: size).map { $0..<min($0 + size, content.count) }
    }

    /// Creates it in one step.
    func create(in store: any BlobStore) async throws(Failure) {
        try await store.create(blob, content: block, Attempt(operation: 1))
    }

    /// Stages it as blocks of a size, all at once, and does not commit.
    func stage(in store: any BlobStore, blockSize: Int) async throws -> any StagedBlob {
        let staged = try await store.stage(name)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, range) in ranges(of: blockSize).enumerated().reversed() {
                group.addTask {
                    try await staged.stage(
                        block(range),
                        index: index,
                        offset: UInt64(range.lowerBound),
                        Attempt(operation: UInt64(index))
                    )
                }
            }
            try await group.waitForAll()
        }
        return staged
    }

    /// Commits what was staged as blocks of a size.
    func commit(_ staged: any StagedBlob, blockSize: Int) async throws(Failure) {
        try await staged.commit(
            blob,
            blockCount: ranges(of: blockSize).count,
            length: UInt64(content.count),
            Attempt(operation: 99)
        )
    }

    /// Checks that the container shows this content with this metadata.
    func requireStored(in container: any StoreUnderTest) async throws {
        let properties = try await container.open().look(at: name, Attempt(operation: 1))
        try require(properties != nil, "\(name) is missing.")
        try require(
            properties == BlobProperties(length: UInt64(content.count), metadata: metadata),
            "\(name) has the properties \(properties as Any)."
        )
        let stored = try await container.content(of: name)
        try require(stored == content, "\(name) has another content, of \(stored?.count ?? -1) bytes.")
    }

    /// Checks that nobody sees it.
    func requireMissing(in container: any StoreUnderTest) async throws {
        let properties = try await container.open().look(at: name, Attempt(operation: 1))
        try require(properties == nil, "\(name) is there.")
        let names = try await container.names()
        try require(!names.contains(name.path), "\(name) is listed.")
    }
}
