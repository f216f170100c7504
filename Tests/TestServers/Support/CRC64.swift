/// CRC-64/NVME, the checksum that the Blob service computes of every block (`x-ms-content-crc64`).
///
/// Eight tables, eight bytes a step: a debug build has to keep up with a client that sends a gibibyte.
struct CRC64: Sendable {
    /// The checksum of the bytes so far.
    private(set) var value: UInt64 = 0

    init() {}

    /// The checksum of bytes that lie in memory.
    init(of bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The value as the service writes it: base64 of 8 little-endian bytes.
    var header: String {
        Base64.encode((0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        value = Self.tables.withUnsafeBufferPointer { tables in
            Self.run(~value, start, bytes.count, tables.baseAddress!)
        }
    }

    /// Only operators and pointers here: in a debug build each call costs more than the step itself.
    private static func run(
        _ initial: UInt64,
        _ start: UnsafeRawPointer,
        _ length: Int,
        _ table: UnsafePointer<UInt64>
    ) -> UInt64 {
        var crc = initial
        var byte = start.assumingMemoryBound(to: UInt8.self)
        let end = byte + length
        while byte != end, Int(bitPattern: byte) & 7 != 0 {
            crc =
                table[Int(bitPattern: UInt(truncatingIfNeeded: (crc ^ UInt64(truncatingIfNeeded: byte.pointee)) & 255))]
                ^ (crc &>> 8)
            byte += 1
        }
        var word = UnsafeRawPointer(byte).assumingMemoryBound(to: UInt64.self)
        let lastWord = word + ((end - byte) &>> 3)
        while word != lastWord {
            let mixed = Int(bitPattern: UInt(crc ^ word.pointee))
            let low =
                table[1792 + (mixed & 255)] ^ table[1536 + ((mixed &>> 8) & 255)]
                ^ table[1280 + ((mixed &>> 16) & 255)] ^ table[1024 + ((mixed &>> 24) & 255)]
            let high =
                table[768 + ((mixed &>> 32) & 255)] ^ table[512 + ((mixed &>> 40) & 255)]
                ^ table[256 + ((mixed &>> 48) & 255)] ^ table[(mixed &>> 56) & 255]
            crc = low ^ high
            word += 1
        }
        byte = UnsafeRawPointer(word).assumingMemoryBound(to: UInt8.self)
        while byte != end {
            crc =
                table[Int(bitPattern: UInt(truncatingIfNeeded: (crc ^ UInt64(truncatingIfNeeded: byte.pointee)) & 255))]
                ^ (crc &>> 8)
            byte += 1
        }
        return ~crc
    }

    private static let tables: [UInt64] = {
        var tables = [UInt64](repeating: 0, count: 8 * 256)
        for index in 0..<256 {
            var remainder = UInt64(index)
            for _ in 0..<8 {
                remainder = remainder & 1 == 1 ? (remainder >> 1) ^ 0x9a6c_9329_ac4b_c9b5 : remainder >> 1
            }
            tables[index] = remainder
        }
        for index in 256..<2048 {
            let before = tables[index - 256]
            tables[index] = (before >> 8) ^ tables[Int(before & 255)]
        }
        return tables
    }()
}
