/// One gzip member that holds the bytes as they are, in stored blocks (RFC 1952, and RFC 1951, section 3.2.4); what
/// compresses is tested with messages of the official client.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var member: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
    member.reserveCapacity(bytes.count + 1024)
    var start = 0
    repeat {
        let count = min(bytes.count - start, 0xffff)
        let isLast = start + count == bytes.count
        member.append(isLast ? 1 : 0)
        member += littleEndian(UInt16(count)) + littleEndian(~UInt16(count))
        member += bytes[start..<start + count]
        start += count
    } while start < bytes.count
    return member + littleEndian(crc32(bytes)) + littleEndian(UInt32(bytes.count))
}

private func littleEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
}

/// RFC 1952, section 8.
private func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { crc, byte in crc32Table[Int((crc ^ UInt32(byte)) & 0xff)] ^ crc >> 8 }
}

private let crc32Table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(index) { crc, _ in crc & 1 == 1 ? 0xedb8_8320 ^ crc >> 1 : crc >> 1 }
}

/// Bytes in which every value is found, and which don't repeat soon.
func sampleBytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed
    return (0..<count).map { index in
        if index < 256 { return UInt8(index) }
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
    }
}
