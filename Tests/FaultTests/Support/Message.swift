import ProgramFixture
import TestServers

/// A message and what is to arrive of it.
struct Message: Sendable {
    enum Expectation: Sendable, Equatable {
        /// A blob with these bytes.
        case content([UInt8])
        /// A blob that describes the report.
        case report
        /// It stays in the inbox.
        case leftBehind
    }

    let sent: MESHMessage
    let expected: Expectation

    var id: String { sent.id }

    static func plain(_ id: String, _ text: String? = nil) -> Message {
        let text = text ?? "content of \(id)\n"
        return Message(sent: MESHMessage(id, text: text), expected: .content(Array(text.utf8)))
    }

    static let compressedLength = 10_000

    static func compressed(_ id: String) -> Message {
        let bytes = sampleBytes(compressedLength, seed: 7)
        return Message(sent: MESHMessage(id, [.gzip(gzip(bytes))]), expected: .content(bytes))
    }

    static func chunked(_ id: String, length: Int, chunks: Int) -> Message {
        let bytes = sampleBytes(length, seed: 3)
        let size = (length + chunks - 1) / chunks
        let parts = stride(from: 0, to: length, by: size).map { start in
            MESHMessage.Chunk.bytes(Array(bytes[start..<min(start + size, length)]))
        }
        return Message(sent: MESHMessage(id, parts), expected: .content(bytes))
    }

    static func report(_ id: String) -> Message {
        Message(sent: .report(id), expected: .report)
    }

    /// Its id gives no BSO.
    static func invalid(_ id: String = "ab") -> Message {
        Message(sent: MESHMessage(id, text: "nobody can name this"), expected: .leftBehind)
    }

    /// One of every kind, with names that collide among themselves and with foreign blobs.
    static let mixed: [Message] = [
        .plain("ABC0001"), .plain("ABC0002"), .chunked("BIG0001", length: 2_500_000, chunks: 3), .plain("ABC0003"),
        .compressed("GZP0001"), .invalid(), .report("REP0001"), .plain("\(Stage.foreignCode)0001"),
    ]
}
