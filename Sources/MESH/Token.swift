import Digests
import Transfer

/// The `Authorization` header that MESH wants: valid once, so each request makes its own.
package struct Token: Sendable {
    package static let scheme = "NHSMESH"

    private let mailbox: String
    private let password: String
    private let key: HMACSHA256

    /// - Parameters:
    ///   - mailbox: the name in the token; MESH wants it in upper case.
    package init(mailbox: String, password: String, sharedKey: String) {
        self.mailbox = mailbox.uppercased()
        self.password = password
        self.key = HMACSHA256(key: Array(sharedKey.utf8))
    }

    /// `NHSMESH mailbox:nonce:count:timestamp:hash` (API specification, "Authorization").
    /// - Parameters:
    ///   - nonce: never used before.
    ///   - now: seconds since 1970.
    package func header(nonce: String, count: Int, now: Int64) -> String {
        let time = CivilTime(utc: now)
        let timestamp = [
            CivilTime.padded(time.year, 4), CivilTime.padded(time.month, 2), CivilTime.padded(time.day, 2),
            CivilTime.padded(time.hour, 2), CivilTime.padded(time.minute, 2),
        ].joined()
        let signed = "\(mailbox):\(nonce):\(count):\(password):\(timestamp)"
        let hash = key.authenticate(Array(signed.utf8)).hex
        return "\(Self.scheme) \(mailbox):\(nonce):\(count):\(timestamp):\(hash)"
    }

    /// A nonce of 128 random bits, as a UUID of version 4.
    package static func nonce() -> String {
        var bytes = SecureRandom.bytes(16)
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        let hex = Array(Hex.encode(bytes).utf8)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (index, digit) in hex.enumerated() {
            if index == 8 || index == 12 || index == 16 || index == 20 { text.append(UInt8(ascii: "-")) }
            text.append(digit)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
