import Glibc

/// Where the body of a response ends, by its head (RFC 9112, section 6.3).
enum BodyFraming: Equatable {
    case absent
    case length(Int)
    case chunked
    case untilClose

    /// Why nobody can tell where a body ends.
    struct Ambiguity: Error, Equatable {
        /// Goes on after "The response of HOST has ".
        let reason: String
    }
}

/// What the fields of a head say about the end of its body, each taken note of as it comes.
///
/// Stricter than libcurl, which takes digits before other text for a length, the last of several lengths for the right one,
/// and passes over transfer codings that it does not know.
struct FramingFields {
    private var length: Int?
    private var isChunked = false
    private var ambiguity: BodyFraming.Ambiguity?

    /// Takes note of a field, if it is one of those.
    mutating func add(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        switch name.count {
        case 14 where Self.matches(name, "content-length"): addLengths(value)
        case 17 where Self.matches(name, "transfer-encoding"): addCoding(value)
        default: return
        }
    }

    /// - Parameters:
    ///   - status: of the response.
    ///   - answersHead: whether HEAD was asked for.
    ///   - isOldProtocol: whether the response is of HTTP/1.0, which has no transfer codings.
    func framing(status: Int, answersHead: Bool, isOldProtocol: Bool) throws(BodyFraming.Ambiguity) -> BodyFraming {
        if let ambiguity { throw ambiguity }
        if isChunked && isOldProtocol {
            throw BodyFraming.Ambiguity(reason: "a Transfer-Encoding, which HTTP/1.0 lacks")
        }
        // Such a pair is how requests are smuggled (RFC 9112, section 6.3, item 3).
        if isChunked && length != nil {
            throw BodyFraming.Ambiguity(reason: "both a Transfer-Encoding and a Content-Length")
        }
        if answersHead || status == 204 || status == 304 { return .absent }
        if isChunked { return .chunked }
        return length.map { .length($0) } ?? .untilClose
    }

    /// A field may repeat one length, also in a list (RFC 9110, section 8.6).
    private mutating func addLengths(_ value: UnsafeRawBufferPointer) {
        for item in value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            guard let number = Self.number(item) else {
                return note("a Content-Length that is no length", value)
            }
            guard length == nil || length == number else {
                return note("more than one Content-Length", value)
            }
            length = number
        }
    }

    private mutating func addCoding(_ value: UnsafeRawBufferPointer) {
        guard !isChunked, value.count == 7, Self.matches(value, "chunked") else {
            return note("a Transfer-Encoding other than chunked alone", value)
        }
        isChunked = true
    }

    private mutating func note(_ what: String, _ value: UnsafeRawBufferPointer) {
        let shown = String(decoding: value.prefix(40), as: UTF8.self)
        ambiguity = ambiguity ?? BodyFraming.Ambiguity(reason: "\(what): \(shown.debugDescription)")
    }

    /// Digits with blanks around them.
    private static func number(_ text: Slice<UnsafeRawBufferPointer>) -> Int? {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        var digits = text.drop(while: isBlank)
        while let last = digits.last, isBlank(last) { digits.removeLast() }
        guard (1...18).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1) - 48 }
    }

    /// Whether the bytes are that word, in any case.
    private static func matches(_ bytes: UnsafeRawBufferPointer, _ word: StaticString) -> Bool {
        strncasecmp(
            bytes.baseAddress!.assumingMemoryBound(to: CChar.self),
            UnsafeRawPointer(word.utf8Start).assumingMemoryBound(to: CChar.self),
            bytes.count
        ) == 0
    }
}
