/// Base64 as far as it is needed to find a secret in it (RFC 4648, section 4).
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The characters that every encoding of a longer text has in common when these bytes start in it at an offset that
    /// leaves `lead` when divided by 3: those that hold bits of these bytes only.
    static func core(of bytes: [UInt8], lead: Int) -> [UInt8] {
        let padded = [UInt8](repeating: 0, count: lead) + bytes
        let first = (lead * 8 + 5) / 6
        let end = padded.count * 8 / 6
        guard first < end else { return [] }
        return (first..<end).map { alphabet[sextet(at: $0 * 6, of: padded)] }
    }

    private static func sextet(at bit: Int, of bytes: [UInt8]) -> Int {
        let high = Int(bytes[bit / 8]) << 8
        let low = bit / 8 + 1 < bytes.count ? Int(bytes[bit / 8 + 1]) : 0
        return (high | low) >> (10 - bit % 8) & 63
    }
}
