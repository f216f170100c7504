import Blocks
import StoreConformance
import Transfer

extension BlobDescription {
    static func message(_ path: String = "2024-01-15/ABC.dat", id: String = "ID1") -> BlobDescription {
        BlobDescription(
            name: BlobName(path),
            metadata: BlobMetadata(sortedEntries: [BlobMetadata.Entry(name: "meshmessageid", value: id)])
        )
    }
}

extension BlobStore {
    /// Creates a blob of a text.
    func create(_ blob: BlobDescription, _ text: String) async throws(Failure) {
        try await create(blob, content: Block(text), Attempt(operation: 1))
    }

    func prepare() async throws(Failure) {
        try await prepare(Attempt(operation: 1))
    }

    func look(_ path: String = "2024-01-15/ABC.dat") async throws(Failure) -> BlobProperties? {
        try await look(at: BlobName(path), Attempt(operation: 1))
    }
}

extension StagedBlob {
    /// Why one block can't be committed.
    func failureToCommit(_ blob: BlobDescription, length: UInt64) async -> Failure? {
        await failure { () async throws(Failure) in
            try await commit(blob, blockCount: 1, length: length, Attempt(operation: 2))
        }
    }
}

extension BlobProperties {
    var id: String? { metadata["meshmessageid"] }
}
