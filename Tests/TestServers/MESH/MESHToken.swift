/// Why a token was refused.
enum MESHTokenProblem: String, Error {
    case unreadable = "Error reading from Authorization header"
    case otherMailbox = "Mailbox id does not match token"
    case wrongSignature = "Invalid Authentication Token"
    case skewedClock = "Authentication Token timestamp out of tolerance"
    case replayed = "Error Duplicated Authentication Token"
}

/// An `Authorization: NHSMESH mailbox:nonce:count:time:hex` field, taken apart.
struct MESHToken {
    /// The time may differ by this many seconds.
    static let tolerance = 2 * 60 * 60

    let username: String
    let nonce: String
    let count: String
    let timestamp: String
    let signature: String

    init(_ authorization: String?) throws(MESHTokenProblem) {
        guard let authorization, authorization.hasPrefix("NHSMESH ") else { throw .unreadable }
        let parts = authorization.dropFirst("NHSMESH ".count)
            .split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, !parts.contains(""), !parts.contains(where: { $0.contains(" ") }),
            parts[2].utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
        else { throw .unreadable }
        (username, nonce, count, timestamp, signature) = (parts[0], parts[1], parts[2], parts[3], parts[4])
    }

    /// Checks everything but the replay, which takes the state of the server.
    func verify(for mailbox: MESHMailbox, now: Int) throws(MESHTokenProblem) {
        guard username == mailbox.username else { throw .otherMailbox }
        guard let time = Timestamp.parseMESH(timestamp) else { throw .unreadable }
        let text = [username, nonce, count, mailbox.password, timestamp].joined(separator: ":")
        let expected = hex(Digest.hmacSHA256(key: utf8(mailbox.sharedKey), utf8(text)))
        guard signature.lowercased() == expected else { throw .wrongSignature }
        guard abs(time - now) <= Self.tolerance else { throw .skewedClock }
    }
}
