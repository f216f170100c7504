internal import COpenSSL

/// MD5 (RFC 1321), as Content-MD5 wants it: a check against damage, not against intent.
package enum MD5 {
    /// The 16 bytes of an MD5 digest.
    package struct Digest: DigestValue {
        private let storage: SIMD16<UInt8>

        init(storage: SIMD16<UInt8>) {
            self.storage = storage
        }

        package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
            withUnsafeBytes(of: storage, body)
        }
    }

    /// The digest of the bytes.
    package static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
        var context = MD5_CTX()
        MD5_Init(&context)
        MD5_Update(&context, bytes.baseAddress, bytes.count)
        var storage = SIMD16<UInt8>()
        withUnsafeMutableBytes(of: &storage) { digest in
            _ = MD5_Final(digest.baseAddress!.assumingMemoryBound(to: UInt8.self), &context)
        }
        return Digest(storage: storage)
    }

    /// The digest of the bytes.
    package static func hash(_ bytes: [UInt8]) -> Digest {
        bytes.withUnsafeBytes { hash($0) }
    }
}
