import Blocks
import Digests

/// Reads the content of one message, chunk after chunk, and goes on where a broken download stopped. Used by one task.
final class MessageReader {
    /// The bytes of a second download that are compared at a time.
    private static let comparedAtOnce = 64 << 10

    private let inbox: any Inbox
    private let retrier: Retrier
    private let id: MessageID
    private let form: ContentForm
    private let total: Int
    private var chunk: any MessageChunk
    private var number = 1
    /// The decoded bytes of this chunk that were given out before the present block, and their checksum.
    private var given = 0
    private var checksum = CRC64()
    private var isBroken = false
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
            try await openNext()
            if block.isFull { return false }
        }
    }

    /// - Returns: true when the chunk ended.
    private func read(into block: Block, _ scratch: Block?) async throws(Failure) -> Bool {
        while true {
            let before = block.count
            do throws(Failure) {
                if isBroken { try await resume(scratch) }
                let ended = try await chunk.read(into: block, scratch: scratch)
                if !ended { note(block, from: before) }
                return ended
            } catch {
                // What came before the break stays, and the next download has to begin with the same.
                if block.count > before { tally = Retrier.Tally() }
                note(block, from: before)
                guard error.isRetryable else { throw error }
                isBroken = true
                try await retrier.wait(after: error, &tally)
            }
        }
    }

    private func note(_ block: Block, from start: Int) {
        let bytes = UnsafeRawBufferPointer(rebasing: block.bytes[start...])
        given += bytes.count
        checksum.update(bytes)
    }

    private func openNext() async throws(Failure) {
        (number, given, checksum) = (number + 1, 0, CRC64())
        let next = try await download()
        guard max(1, next.head.total) == total else {
            throw .invalid(
                "chunk_range",
                "Its chunks do not agree on how many there are (\(total), \(next.head.total))."
            )
        }
        chunk = next
    }

    /// Downloads the present chunk again, and goes through what was given out already.
    private func resume(_ scratch: Block?) async throws(Failure) {
        let next = try await download()
        guard next.head.describesSameContent(as: chunk.head) else {
            throw .contentChanged("The headers of a second download of chunk \(number) differ from those of the first.")
        }
        chunk.cancel()
        chunk = next
        var again = CRC64()
        var rest = given
        while rest > 0 {
            let block = Block(capacity: min(rest, Self.comparedAtOnce))
            let ended = try await chunk.read(into: block, scratch: scratch)
            again.update(block.bytes)
            rest -= block.count
            if ended && rest > 0 {
                throw .contentChanged("A second download of chunk \(number) is shorter than what the first had given.")
            }
        }
        guard again.value == checksum.value else {
            throw .contentChanged("A second download of chunk \(number) begins with other bytes than the first.")
        }
        isBroken = false
    }

    private func download() async throws(Failure) -> any MessageChunk {
        let (id, number) = (id, number)
        return try await retrier.run { [inbox, form] _ async throws(Failure) in
            try await inbox.download(id, chunk: number, as: form)
        }
    }
}

extension Failure {
    /// Whether trying again may help.
    var isRetryable: Bool { kind == .transient || kind == .staleConnection }
}
