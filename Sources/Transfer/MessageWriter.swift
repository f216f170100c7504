import Blocks
import Digests
import Logging

/// Writes one message into the store: one request if it fits a block, else block by block and a commit.
struct MessageWriter: Sendable {
    /// The blocks of one message that are stored at the same time.
    static let stagedAtOnce = 4

    let store: any BlobStore
    let pool: BlockPool
    let retrier: Retrier
    let keeper: JournalKeeper
    let surroundings: Surroundings
    let isDryRun: Bool
    let log: Logger

    /// Reads the message and writes it.
    /// - Parameter name: which name it gets; changed where that turns out to be taken.
    func write(
        _ message: MessageInTransit,
        _ reader: MessageReader,
        _ need: BlockSizing.Need,
        _ name: inout NameChoice
    ) async throws(Failure) -> StoredMessage {
        let blocks: [Block]
        do {
            blocks = try await pool.take(need.sizes)
        } catch {
            throw .cancelled
        }
        let scratch = blocks.count > 1 ? blocks[1] : nil
        defer { if let scratch { pool.giveBack(scratch) } }
        let first = blocks[0]
        let isWhole: Bool
        do throws(Failure) {
            isWhole = try await reader.fill(first, scratch: scratch)
        } catch {
            pool.giveBack(first)
            throw error
        }
        if isWhole {
            defer { pool.giveBack(first) }
            return try await create(message, first, &name)
        }
        return try await writeBlocks(message, reader, first: first, scratch: scratch, later: need.later, &name)
    }

    /// Writes a report's headers; it has no content of its own.
    func writeReport(
        _ message: MessageInTransit,
        _ reader: MessageReader,
        _ name: inout NameChoice
    ) async throws(Failure) -> StoredMessage {
        let probe = Block(capacity: 4096)
        let isWhole = try await reader.fill(probe, scratch: Block(capacity: 4096))
        guard isWhole, probe.isEmpty else {
            throw .invalid(
                "report_with_content",
                "It is a report (Mex-MessageType), and has content, which no report has."
            )
        }
        let document = ReportDocument.make(message.attributes)
        let content = Block(capacity: document.count)
        document.withUnsafeBytes { _ = content.append($0) }
        return try await create(message, content, &name)
    }

    /// Stores a message that is in one block.
    private func create(
        _ message: MessageInTransit,
        _ content: Block,
        _ name: inout NameChoice
    ) async throws(Failure) -> StoredMessage {
        let digest = await aside(bytes: content.count) { SHA256.hash(content.bytes) }
        let length = UInt64(content.count)
        while true {
            let isPlain = name.isPlain ?? false
            var stored = StoredMessage(
                message: message,
                name: message.name(plain: isPlain),
                length: length,
                digest: digest
            )
            if isDryRun { return stored }
            let blob = description(stored)
            let isCreated = try await create(&stored) { attempt async throws(Failure) in
                try await store.create(blob, content: content, keeper.permit, attempt)
            }
            if isCreated { return stored }
            guard isPlain else { throw Self.nameTaken(stored) }
            name.isPlain = false
        }
    }

    /// Creates the message's blob, and finds out what became of it where no answer says so.
    /// - Returns: false where the name is another blob's.
    private func create(
        _ stored: inout StoredMessage,
        _ request: (Attempt) async throws(Failure) -> Void
    ) async throws(Failure) -> Bool {
        var tries = CreationTries()
        do throws(Failure) {
            try await retrier.run { attempt async throws(Failure) in
                do throws(Failure) {
                    try await request(attempt)
                } catch {
                    tries.failed(error, now: surroundings.uptime())
                    throw error
                }
            }
            stored.settledAt = tries.settledAt(wasFound: false)
            return true
        } catch {
            let isOwn: Bool
            do throws(Failure) {
                guard error.kind == .alreadyExists else { throw error }
                isOwn = try await self.isOwn(stored, mayYetAppear: tries.cutAt != nil)
            } catch {
                if tries.cutAt != nil { keeper.lateEffects.leaveOpen() }
                throw error
            }
            stored.settledAt = tries.settledAt(wasFound: true)
            return isOwn
        }
    }

    /// Stores a message of several blocks; the first is full.
    private func writeBlocks(
        _ message: MessageInTransit,
        _ reader: MessageReader,
        first: Block,
        scratch: Block?,
        later: Int,
        _ name: inout NameChoice
    ) async throws(Failure) -> StoredMessage {
        var sink: BlockSink
        do throws(Failure) {
            sink = try await makeSink(message, later, &name)
        } catch {
            pool.giveBack(first)
            throw error
        }
        let isPlain = name.isPlain ?? false
        let length: BlockSink.Length
        do throws(Failure) {
            length = try await sink.takeAll(first: first) { block async throws(Failure) in
                // The first block comes full; every other one comes empty.
                block.isFull ? false : try await reader.fill(block, scratch: scratch)
            }
        } catch {
            // Somebody's blocks lie under this name and take no others beside them, for a week.
            if error.kind == .stagedBlocksLost, isPlain, !name.wasCommitted { name.isPlain = false }
            throw error
        }
        var stored = StoredMessage(
            message: message,
            name: message.name(plain: isPlain),
            length: length.bytes,
            digest: await sink.digest.finish()
        )
        guard let staged = sink.staged else {
            if !isDryRun { try await mustBeOwn(stored) }
            return stored
        }
        name.wasCommitted = true
        let blob = description(stored)
        let isCommitted: Bool
        do throws(Failure) {
            isCommitted = try await create(&stored) { attempt async throws(Failure) in
                try await staged.commit(
                    blob,
                    blockCount: length.blocks,
                    length: length.bytes,
                    keeper.permit,
                    attempt
                )
            }
        } catch {
            await staged.abandon()
            throw error
        }
        // The blocks went with the blob: a commit that was cut has nothing left to make another one of.
        stored.settledAt = nil
        if isCommitted { return stored }
        await staged.abandon()
        guard isPlain else { throw Self.nameTaken(stored) }
        // The blocks went with the name: the caller begins the message again.
        name.isPlain = false
        throw Self.blocksWentWithName(stored)
    }

    /// Where the blocks of a large message go. Its name is looked at first: two messages that stage under one name destroy
    /// each other's blocks.
    private func makeSink(
        _ message: MessageInTransit,
        _ later: Int,
        _ name: inout NameChoice
    ) async throws(Failure) -> BlockSink {
        if isDryRun { return BlockSink(staged: nil, pool: pool, retrier: retrier, laterSize: later) }
        while true {
            let isPlain = name.isPlain ?? false
            let blobName = message.name(plain: isPlain)
            let properties = try await retrier.run { attempt async throws(Failure) in
                try await store.look(at: blobName, attempt)
            }
            guard let properties else {
                let staged = try await store.stage(blobName)
                return BlockSink(staged: staged, pool: pool, retrier: retrier, laterSize: later)
            }
            if MessageMetadata.isOf(message.entry.id, properties.metadata) {
                // Stored before: what is left is to compare the length.
                return BlockSink(staged: nil, pool: pool, retrier: retrier, laterSize: later)
            }
            guard isPlain else {
                throw Self.nameTaken(blobName)
            }
            name.isPlain = false
        }
    }

    /// Looks at a blob whose name is taken.
    /// - Parameter mayYetAppear: whether a try may still create the message's blob under this name.
    /// - Returns: true if it is this message, whole; false if another name has to be used.
    private func isOwn(_ stored: StoredMessage, mayYetAppear: Bool = false) async throws(Failure) -> Bool {
        let properties = try await retrier.run { attempt async throws(Failure) in
            try await store.look(at: stored.name, attempt)
        }
        switch ExistingBlob(properties, id: stored.message.entry.id, length: stored.length) {
        case .own:
            return true
        case .foreign:
            return false
        case .gone where mayYetAppear:
            throw Failure(
                service: .storage,
                kind: .transient,
                type: "outcome_unknown",
                message: "Nobody can tell yet whether the blob \(stored.name) of this message will appear.",
                advice: "The next run looks for it, and stores the message if it is not there."
            )
        case .gone:
            log.write(.blobGone, stored.audit.fields)
            return false
        case .ownWithOtherLength(let length):
            throw Failure(
                service: .storage,
                kind: .permanent,
                type: "length_differs",
                message:
                    "The blob \(stored.name) is of this message and has \(length) bytes, and the message has \(stored.length).",
                advice: "Compare them, move the blob away, and the next run stores the message again."
            )
        }
    }

    private func mustBeOwn(_ stored: StoredMessage) async throws(Failure) {
        guard try await isOwn(stored) else {
            throw Failure(
                service: .storage,
                kind: .alreadyExists,
                type: "blob_changed",
                message: "The blob \(stored.name) changed while its message was compared with it."
            )
        }
    }

    private func description(_ stored: StoredMessage) -> BlobDescription {
        BlobDescription(
            name: stored.name,
            contentType: stored.message.contentType,
            metadata: stored.message.metadata(stored.digest)
        )
    }

    private static func nameTaken(_ stored: StoredMessage) -> Failure { nameTaken(stored.name) }

    private static func blocksWentWithName(_ stored: StoredMessage) -> Failure {
        Failure(
            service: .storage,
            kind: .alreadyExists,
            type: "blob_changed",
            message: "The blob \(stored.name) was created by somebody else while its message was being staged."
        )
    }

    private static func nameTaken(_ name: BlobName) -> Failure {
        Failure(
            service: .storage,
            kind: .permanent,
            type: "name_taken",
            message: "The blob \(name) exists and is not of this message, whose own name this is.",
            advice: "Find out who wrote it, move it away, and the next run stores the message."
        )
    }
}

extension Failure {
    static let cancelled = Failure(
        service: .storage,
        kind: .cancelled,
        type: "cancelled",
        message: "The run was stopped before the message was stored."
    )
}
