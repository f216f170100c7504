/// How an answer says where its body ends; most of these are no way to say it.
package enum Framing: Sendable, CaseIterable {
    /// The two good ones, of which a cut body is told.
    case length
    case chunked
    /// The same Content-Length twice (RFC 9110 lets a client take it, or refuse it).
    case equalLengths
    /// `Content-Length: 5, 5`.
    case listedLength
    /// Chunked, and a Content-Length beside it (RFC 9112 lets a client take it by its chunks, or refuse it).
    case chunkedAndLength
    /// Two Content-Lengths, of the whole body and of its first half.
    case differingLengths
    /// A number that fits no integer.
    case hugeLength
    /// `Content-Length: 0x5`.
    case hexadecimalLength
    case negativeLength
    case emptyLength
    /// `Transfer-Encoding: identity`, which HTTP/1.1 does not have.
    case identityCoding
    /// A transfer coding that nobody knows.
    case unknownCoding
    case emptyCoding
    /// `Transfer-Encoding: gzip, chunked`, with a body that is only chunked.
    case gzipChunked
    /// Nothing says it: the connection is closed at the end.
    case untilClose
    /// The same, as HTTP/1.0 has it.
    case untilCloseOfHTTP10

    /// Whether a client can know that it has the whole body.
    package enum Certainty: Sendable {
        case certain
        /// The standard lets the client decide.
        case eitherWay
        case uncertain
    }

    package var certainty: Certainty {
        switch self {
        case .length, .chunked: .certain
        case .equalLengths, .listedLength, .chunkedAndLength: .eitherWay
        default: .uncertain
        }
    }

    private var isChunked: Bool {
        switch self {
        case .chunked, .chunkedAndLength, .gzipChunked: true
        default: false
        }
    }

    /// The fields for a body of a length.
    private func fields(_ length: Int) -> [(String, String)] {
        switch self {
        case .length: [("Content-Length", "\(length)")]
        case .chunked: [("Transfer-Encoding", "chunked")]
        case .equalLengths: [("Content-Length", "\(length)"), ("Content-Length", "\(length)")]
        case .listedLength: [("Content-Length", "\(length), \(length)")]
        case .chunkedAndLength: [("Transfer-Encoding", "chunked"), ("Content-Length", "\(length)")]
        case .differingLengths: [("Content-Length", "\(length)"), ("Content-Length", "\(length / 2)")]
        case .hugeLength: [("Content-Length", "99999999999999999999999")]
        case .hexadecimalLength: [("Content-Length", "0x\(String(length, radix: 16))")]
        case .negativeLength: [("Content-Length", "-\(length)")]
        case .emptyLength: [("Content-Length", "")]
        case .identityCoding: [("Transfer-Encoding", "identity")]
        case .unknownCoding: [("Transfer-Encoding", "foo")]
        case .emptyCoding: [("Transfer-Encoding", "")]
        case .gzipChunked: [("Transfer-Encoding", "gzip, chunked")]
        case .untilClose, .untilCloseOfHTTP10: []
        }
    }

    /// The bytes of an answer that is framed like this.
    /// - Parameter isCut: whether the body ends after its first half, and its last chunk is missing.
    func bytes(of response: HTTPServer.Response, isCut: Bool) -> [UInt8] {
        let body = response.body.contents
        var bytes = utf8(self == .untilCloseOfHTTP10 ? "HTTP/1.0" : "HTTP/1.1") + utf8(" \(response.status) OK\r\n")
        var headers = response.headers
        headers.remove("Content-Length")
        for (name, value) in fields(body.count) { headers.append(name, value) }
        for field in headers.fields { bytes += utf8(field.name) + utf8(": ") + field.value + utf8("\r\n") }
        bytes += utf8("\r\n")
        let sent = isCut ? Array(body[..<(body.count / 2)]) : body
        guard isChunked else { return bytes + sent }
        if !sent.isEmpty { bytes += utf8("\(String(sent.count, radix: 16))\r\n") + sent + utf8("\r\n") }
        return isCut ? bytes : bytes + utf8("0\r\n\r\n")
    }
}

extension Lie {
    /// The true answer in another framing; then the connection is closed.
    package static func framed(_ framing: Framing, isCut: Bool = false) -> Lie {
        changing("\(isCut ? "a cut body" : "a body") of framing \(framing)") {
            $0.delivery = .raw(framing.bytes(of: $0, isCut: isCut))
        }
    }

    /// The head of the true answer and the first half of its body, and nothing more: the connection stays open.
    package static let halfThenSilence = changing("half of the body, then silence") {
        $0.delivery = .rawThenOpen(Framing.length.bytes(of: $0, isCut: true))
    }
}
