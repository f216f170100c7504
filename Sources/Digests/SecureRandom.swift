internal import COpenSSL

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
        var bytes = [UInt8](repeating: 0, count: count)
        bytes.withUnsafeMutableBytes { fill($0) }
        return bytes
    }
}
