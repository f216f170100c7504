/// HMAC-SHA256 (RFC 2104) under one key, prepared once and used for any number of messages by any number of threads.
package struct HMACSHA256: Sendable {
    private static let blockLength = 64

    private let inner: SHA256
    private let outer: SHA256

    /// Prepares the key; it may have any length.
    package init(key: [UInt8]) {
        var padded = key.count > Self.blockLength ? SHA256.hash(key).bytes : key
        padded.append(contentsOf: repeatElement(0, count: Self.blockLength - padded.count))
        var inner = SHA256()
        inner.update(padded.map { $0 ^ 0x36 })
        var outer = SHA256()
        outer.update(padded.map { $0 ^ 0x5c })
        self.inner = inner
        self.outer = outer
    }

    /// The code of one message.
    package func authenticate(_ message: UnsafeRawBufferPointer) -> SHA256.Digest {
        var inner = inner
        inner.update(message)
        var outer = outer
        inner.finish().withBytes { outer.update($0) }
        return outer.finish()
    }

    /// The code of one message.
    package func authenticate(_ message: [UInt8]) -> SHA256.Digest {
        message.withUnsafeBytes { authenticate($0) }
    }
}
