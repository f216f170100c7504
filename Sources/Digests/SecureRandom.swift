internal import COpenSSL
import Synchronization

/// Random bytes that nobody can foresee, for nonces, tokens and ids.
package enum SecureRandom {
    /// Fills the buffer.
    package static func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        guard let base = buffer.baseAddress else { return }
        let filled = RAND_bytes(base.assumingMemoryBound(to: UInt8.self), Int32(buffer.count))
        precondition(filled == 1, "libcrypto has no source of randomness")
    }

    /// New random bytes.
    package static func bytes(_ count: Int) -> [UInt8] {
        count <= supplySize ? supply.withLock { $0.take(count) } : draw(count)
    }

    /// Bytes that were drawn together: to libcrypto a few take as long as many.
    private struct Supply {
        private var bytes: [UInt8] = []

        mutating func take(_ count: Int) -> [UInt8] {
            if bytes.count < count { bytes = draw(supplySize) }
            defer { bytes.removeLast(count) }
            return Array(bytes.suffix(count))
        }
    }

    private static let supplySize = 1024
    private static let supply = Mutex(Supply())

    private static func draw(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        bytes.withUnsafeMutableBytes { fill($0) }
        return bytes
    }

    /// A UUID of version 4 (RFC 9562, section 5.4), in lower case.
    package static func uuid() -> String {
        var bytes = bytes(16)
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (start, end) in [(0, 4), (4, 6), (6, 8), (8, 10), (10, 16)] {
            if start > 0 { text.append(UInt8(ascii: "-")) }
            bytes[start..<end].withUnsafeBytes { Hex.append($0, to: &text) }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
