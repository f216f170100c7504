internal import Transfer

extension PercentEncoding {
    /// Whether a path has the byte as it is: unreserved ones and `/`.
    static func isKeptInPath(_ byte: UInt8) -> Bool {
        isUnreserved(byte) || byte == UInt8(ascii: "/")
    }
}
