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
        var text: [UInt8] = []
        text.reserveCapacity(192)
        text.append(Self.scheme)
        text.append(" ")
        let start = text.count
        text.append(mailbox)
        text.append(":")
        text.append(nonce)
        text.append(":")
        text.appendDigits(of: count)
        text.append(":")
        let time = CivilTime(utc: now)
        var timestamp: [UInt8] = []
        timestamp.reserveCapacity(12)
        time.appendDate(to: &timestamp)
        timestamp.appendDigits(of: time.hour, width: 2)
        timestamp.appendDigits(of: time.minute, width: 2)
        var signed = Array(text[start...])
        signed.reserveCapacity(192)
        signed.append(password)
        signed.append(":")
        signed += timestamp
        text += timestamp
        text.append(":")
        key.authenticate(signed).withBytes { Hex.append($0, to: &text) }
        return String(decoding: text, as: UTF8.self)
    }
}
