/// The bytes that a digest function gives: a value of fixed size, without memory of its own.
package protocol DigestValue: Sendable, Hashable {
    /// Lends the bytes for the time of the call.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result
}

extension DigestValue {
    /// The bytes as an array.
    package var bytes: [UInt8] {
        withBytes { [UInt8]($0) }
    }

    /// The bytes in lower-case hexadecimal.
    package var hex: String {
        withBytes { Hex.encode($0) }
    }

    /// The bytes in Base64, with padding.
    package var base64: String {
        withBytes { Base64.encode($0) }
    }
}
