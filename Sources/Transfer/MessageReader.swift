import Blocks

/// Reads the content of one message, chunk after chunk, and goes on where a broken download stopped. Used by one task.
final class MessageReader {
    private let inbox: any Inbox
    private let retrier: Retrier
    private let id: MessageID
    private let form: ContentForm
    private let total: Int
    private var chunk: any MessageChunk
    private var number = 1
    /// The decoded bytes of this chunk that were given out.
    private var given = 0
    private var tally = Retrier.Tally()

    /// - Parameter first: the first chunk, whose head has arrived.
    init(inbox: any Inbox, retrier: Retrier, id: MessageID, first: any MessageChunk, as form: ContentForm) {
        self.form = form
        self.inbox = inbox
        self.retrier = retrier
        self.id = id
        self.chunk = first
        self.total = max(1, first.head.total)
    }

    deinit {
        chunk.cancel()
    }

    /// Fills the block's room.
    /// - Returns: true when the message ended: every chunk was read and was whole.
    func fill(_ block: Block, scratch: Block?) async throws(Failure) -> Bool {
        while true {
            guard try await read(into: block, scratch) else { return false }
            if number == total { return true }
            number += 1
            given = 0
            try await open()
            if block.isFull { return false }
        }
    }

    /// - Returns: true when the chunk ended.
    private func read(into block: Block, _ scratch: Block?) async throws(Failure) -> Bool {
        while true {
            let before = block.count
            do throws(Failure) {
                let ended = try await chunk.read(into: block, scratch: scratch)
                given += block.count - before
                return ended
            } catch {
                // What came before the break is the chunk's beginning: it stays, and is dropped from the next download.
                if block.count > before { tally = Retrier.Tally() }
                given += block.count - before
                guard error.isRetryable else { throw error }
                try await retrier.wait(after: error, &tally)
                try await open()
                if block.isFull { return false }
            }
        }
    }

    private func open() async throws(Failure) {
        let (id, number, given) = (id, number, given)
        let next = try await retrier.run { [inbox, form] _ async throws(Failure) in
            try await inbox.download(id, chunk: number, skipping: given, as: form)
        }
        guard max(1, next.head.total) == total else {
            throw .invalid(
                "chunk_range",
                "Its chunks do not agree on how many there are (\(total), \(next.head.total))."
            )
        }
        chunk = next
    }
}

extension Failure {
    /// Whether trying again may help.
    var isRetryable: Bool { kind == .transient || kind == .staleConnection }
}
