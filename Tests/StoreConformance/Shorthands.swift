package import Blocks
package import Transfer

extension Block {
    /// A block of this content and nothing else.
    package convenience init(_ content: [UInt8]) {
        self.init(capacity: max(content.count, 1))
        content.withUnsafeBytes { _ = append($0) }
    }

    /// A block of this text in UTF-8.
    package convenience init(_ text: String) {
        self.init([UInt8](text.utf8))
    }
}

extension BlobStore {
    /// Creates a blob with no lease to ask for.
    package func create(_ blob: BlobDescription, content: Block, _ attempt: Attempt) async throws(Failure) {
        try await create(blob, content: content, .always, attempt)
    }
}

extension StagedBlob {
    /// Commits a blob with no lease to ask for.
    package func commit(
        _ blob: BlobDescription,
        blockCount: Int,
        length: UInt64,
        _ attempt: Attempt
    ) async throws(Failure) {
        try await commit(blob, blockCount: blockCount, length: length, .always, attempt)
    }
}

/// The failure of the work; `nil` where it succeeds.
package func failure(of work: () async throws(Failure) -> Void) async -> Failure? {
    do {
        try await work()
        return nil
    } catch {
        return error
    }
}
