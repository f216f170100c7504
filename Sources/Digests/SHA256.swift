internal import COpenSSL

/// SHA-256 (FIPS 180-4) of content that comes in pieces.
///
/// The state is a plain value: it can be copied to go on from a common beginning, and needs no memory or lock.
package struct SHA256: Sendable {
    /// The 32 bytes of a SHA-256 digest.
    package struct Digest: DigestValue {
        // Not a vector of 32 bytes: its alignment is more than the frames of async functions have.
        private let low: SIMD2<UInt64>
        private let high: SIMD2<UInt64>

        fileprivate init(low: SIMD2<UInt64>, high: SIMD2<UInt64>) {
            self.low = low
            self.high = high
        }

        package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
            withUnsafeBytes(of: (low, high), body)
        }
    }

    private var context = SHA256_CTX()

    /// The digest of nothing yet.
    package init() {
        SHA256_Init(&context)
    }

    /// Adds the bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        SHA256_Update(&context, bytes.baseAddress, bytes.count)
    }

    /// Adds the bytes.
    package mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The digest of what was added so far; more can be added afterwards.
    package func finish() -> Digest {
        var last = context
        var storage = (SIMD2<UInt64>(), SIMD2<UInt64>())
        withUnsafeMutableBytes(of: &storage) { bytes in
            _ = SHA256_Final(bytes.baseAddress!.assumingMemoryBound(to: UInt8.self), &last)
        }
        return Digest(low: storage.0, high: storage.1)
    }

    /// The digest of the bytes.
    package static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
        var state = SHA256()
        state.update(bytes)
        return state.finish()
    }

    /// The digest of the bytes.
    package static func hash(_ bytes: [UInt8]) -> Digest {
        bytes.withUnsafeBytes { hash($0) }
    }
}
