package import Blocks

/// A container that blobs are created in. Every call is one attempt; the caller retries with the same ``Attempt/operation``.
///
/// Nothing here ever replaces a blob: where the name is taken, a call fails with ``Failure/Kind/alreadyExists``.
package protocol BlobStore: Sendable {
    /// Makes sure that the container exists, creating it if that is permitted.
    func prepare(_ attempt: Attempt) async throws(Failure)

    /// Creates a blob with the block's content in one step: it appears whole or not at all.
    ///
    /// A failure says whether the blob may appear all the same (``Failure/mayTakeEffect``).
    /// - Parameter permit: asked for right before the request goes out.
    func create(
        _ blob: BlobDescription,
        content: Block,
        _ permit: WritePermit,
        _ attempt: Attempt
    ) async throws(Failure)

    /// Starts to create a blob of several blocks. Nothing is visible before its commit.
    func stage(_ name: BlobName) async throws(Failure) -> any StagedBlob

    /// Looks at a blob.
    /// - Returns: `nil` when there is none.
    func look(at name: BlobName, _ attempt: Attempt) async throws(Failure) -> BlobProperties?

    /// Removes a blob that this process made to prove that it may write; never a message's.
    func removeProbe(_ name: BlobName, _ attempt: Attempt) async throws(Failure)
}

/// A blob in the making. Blocks may be staged concurrently and in any order.
package protocol StagedBlob: Sendable {
    /// Stores one block; staging the same index again replaces it.
    /// - Parameters:
    ///   - index: the block's place, from 0.
    ///   - offset: the number of bytes in the blocks before it.
    func stage(_ block: Block, index: Int, offset: UInt64, _ attempt: Attempt) async throws(Failure)

    /// Creates the blob from blocks `0..<blockCount`, whole, with its metadata, in one step.
    ///
    /// A failure says whether the blob may appear all the same (``Failure/mayTakeEffect``).
    /// - Parameters:
    ///   - length: the bytes of all blocks.
    ///   - permit: asked for right before the request goes out.
    func commit(
        _ blob: BlobDescription,
        blockCount: Int,
        length: UInt64,
        _ permit: WritePermit,
        _ attempt: Attempt
    ) async throws(Failure)

    /// Gives up what was staged, as far as the store keeps it for us.
    func abandon() async
}

/// One try of one operation.
package struct Attempt: Sendable, Equatable {
    /// The same for all tries of one operation, and unique in this run.
    package var operation: UInt64
    /// The try, from 1.
    package var number: Int

    package init(operation: UInt64, number: Int = 1) {
        self.operation = operation
        self.number = number
    }
}

/// The full name of a blob in its container, prefix and folders included, separated by `/`.
package struct BlobName: Hashable, Sendable, CustomStringConvertible {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    package var description: String { path }
}

/// What a blob is created with.
package struct BlobDescription: Sendable {
    package var name: BlobName
    package var contentType: String
    package var metadata: BlobMetadata

    package init(name: BlobName, contentType: String = "application/octet-stream", metadata: BlobMetadata) {
        self.name = name
        self.contentType = contentType
        self.metadata = metadata
    }
}

/// Names and values kept with a blob: names are `[a-z][a-z0-9]*`, values printable ASCII, sorted by name.
package struct BlobMetadata: Sendable, Equatable {
    package var entries: [Entry]

    package struct Entry: Sendable, Equatable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(sortedEntries: [Entry]) {
        self.entries = sortedEntries
    }

    package subscript(name: String) -> String? {
        entries.first { $0.name == name }?.value
    }
}

/// What a look at a blob shows.
package struct BlobProperties: Sendable, Equatable {
    package var length: UInt64
    package var metadata: BlobMetadata

    package init(length: UInt64, metadata: BlobMetadata) {
        self.length = length
        self.metadata = metadata
    }
}
