internal import CCarryless

/// CRC-64/NVME of content that comes in pieces, as Azure Storage computes it over every block that it takes
/// (`x-ms-content-crc64`).
///
/// Long input is folded by carry-less multiplication where the processor has it; else it is read as interleaved streams of
/// words, which hides the latency of the table look-ups.
package struct CRC64: Sendable {
    private var register = UInt64.max

    /// The checksum of nothing yet.
    package init() {}

    /// The checksum of what was added so far.
    package var value: UInt64 { ~register }

    /// The checksum as the service writes it: Base64 of its bytes, the least significant one first.
    package var base64: String {
        withUnsafeBytes(of: value.littleEndian) { Base64.encode($0) }
    }

    /// Adds the bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard var cursor = bytes.baseAddress else { return }
        var rest = bytes.count
        if rest >= 256, Self.canFold {
            let read = fold(cursor, rest)
            cursor += read
            rest -= read
        }
        let stride = CRC64Tables.streams * 8
        if rest >= 2 * stride {
            let blocks = rest / stride
            updateInterleaved(&cursor, blocks: blocks)
            rest -= blocks * stride
        }
        let tables = CRC64Tables.sequential
        while rest >= 8 {
            let word = UInt64(littleEndian: cursor.loadUnaligned(as: UInt64.self))
            register = CRC64Tables.advance(register ^ word, tables)
            cursor += 8
            rest -= 8
        }
        while rest > 0 {
            register = tables[7 * 256 + Int((register ^ UInt64(cursor.load(as: UInt8.self))) & 0xff)] ^ (register >> 8)
            cursor += 1
            rest -= 1
        }
    }

    /// Adds the bytes.
    package mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The checksum of the bytes.
    package static func checksum(_ bytes: UnsafeRawBufferPointer) -> CRC64 {
        var state = CRC64()
        state.update(bytes)
        return state
    }

    private static let canFold = pmi_crc64_can_fold() != 0

    /// - Returns: the bytes that it took.
    private mutating func fold(_ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        var folded: (UInt64, UInt64) = (0, 0)
        let read = pmi_crc64_fold_all(register, bytes, count, &folded)
        register = 0
        withUnsafeBytes(of: &folded) { update($0) }
        return read
    }

    /// Each word is advanced over the whole block of words, to where the same stream meets its next word; the last
    /// block brings the streams together, one word after another.
    @inline(__always)
    private mutating func updateInterleaved(_ cursor: inout UnsafeRawPointer, blocks: Int) {
        let tables = CRC64Tables.interleaved
        var first = register
        var second: UInt64 = 0
        var third: UInt64 = 0
        var fourth: UInt64 = 0
        for _ in 1..<blocks {
            let word0 = first ^ UInt64(littleEndian: cursor.loadUnaligned(as: UInt64.self))
            let word1 = second ^ UInt64(littleEndian: cursor.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            let word2 = third ^ UInt64(littleEndian: cursor.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
            let word3 = fourth ^ UInt64(littleEndian: cursor.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
            first = CRC64Tables.advance(word0, tables)
            second = CRC64Tables.advance(word1, tables)
            third = CRC64Tables.advance(word2, tables)
            fourth = CRC64Tables.advance(word3, tables)
            cursor += 32
        }
        let sequential = CRC64Tables.sequential
        var joined: UInt64 = 0
        for stream in [first, second, third, fourth] {
            let word = UInt64(littleEndian: cursor.loadUnaligned(as: UInt64.self))
            joined = CRC64Tables.advance(joined ^ stream ^ word, sequential)
            cursor += 8
        }
        register = joined
    }
}
