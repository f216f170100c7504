/// How the body of a response came to its end: what happened, not what a header announced.
package enum BodyEnd: Sendable, Equatable {
    /// There is none by definition: in the answer to HEAD, with 204 and with 304 (RFC 9110, section 6.4.1).
    case absent
    /// Exactly as many bytes came as one valid Content-Length says (RFC 9112, section 6.3).
    case lengthMet
    /// The last chunk of the chunked coding came (RFC 9112, section 7.1).
    case lastChunk
    /// The connection closed, and nothing had said where the body ends: it may have been cut short.
    case connectionClosed
    /// The reader keeps no more: the connection was closed, and the rest is unknown.
    case cutOff

    /// Whether the peer said where its body ends, and all of it came.
    package var isWhole: Bool {
        switch self {
        case .absent, .lengthMet, .lastChunk: true
        case .connectionClosed, .cutOff: false
        }
    }
}
