package import Blocks
import CZlib

/// Decodes gzip of one or more members (RFC 1952), whose trailers are required. Safe to send between tasks that use it
/// one after the other, as a chunk is read.
package final class Inflater: @unchecked Sendable {
    /// What was found to be wrong, in zlib's words.
    package struct Damage: Error {
        package let reason: String
    }

    private let stream: UnsafeMutablePointer<z_stream>
    private var input: Block?
    private var consumed = 0
    /// Whether the input that was offered last is the last of the body.
    private(set) var isLastInput = false
    /// Whether every member that was begun has ended with its trailer.
    package private(set) var isBetweenMembers = true

    /// Whether at least one member was there, and every member that was begun has ended with its trailer. Nothing at all is no
    /// gzip: MESH gives out an empty message as a member without content.
    package var isComplete: Bool { isBetweenMembers && members > 0 }

    private var members = 0

    package init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window, and 16 for gzip alone.
        let status = inflateInit2_(stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib has no memory")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Whether all input of the body was consumed.
    package var hasAllInput: Bool { isLastInput && consumed == (input?.count ?? 0) }

    /// Hands in encoded bytes, which stay as they are until they are consumed.
    package func offer(_ block: Block, isLast: Bool) {
        input = block
        consumed = 0
        isLastInput = isLast
    }

    /// Decodes until the block is full or the input is consumed.
    package func inflate(into block: Block) throws(Damage) {
        while let input, consumed < input.count || !isBetweenMembers {
            let room = block.room
            if room.isEmpty { return }
            let source = UnsafeMutableRawPointer(mutating: input.bytes.baseAddress!).advanced(by: consumed)
            let offered = min(input.count - consumed, Int(UInt32.max))
            let capacity = min(room.count, Int(UInt32.max))
            stream.pointee.next_in = source.assumingMemoryBound(to: Bytef.self)
            stream.pointee.avail_in = uInt(offered)
            stream.pointee.next_out = room.baseAddress!.assumingMemoryBound(to: Bytef.self)
            stream.pointee.avail_out = uInt(capacity)
            if offered > 0 { isBetweenMembers = false }
            let status = CZlib.inflate(stream, Z_NO_FLUSH)
            consumed += offered - Int(stream.pointee.avail_in)
            block.advance(by: capacity - Int(stream.pointee.avail_out))
            switch status {
            case Z_STREAM_END:
                isBetweenMembers = true
                members += 1
                inflateReset(stream)
            case Z_OK:
                if stream.pointee.avail_in == 0 && stream.pointee.avail_out > 0 { return }
            case Z_BUF_ERROR:
                return
            default:
                throw Damage(reason: stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)")
            }
        }
    }
}
