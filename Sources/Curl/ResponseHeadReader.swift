import Glibc
import HTTPTypes

/// Collects the lines of a response's head as they come (RFC 9112, section 2).
package struct ResponseHeadReader {
    /// The bytes that a head may have, interim responses before it and trailers after it included.
    package static let limit = 64 << 10

    private var status = 0
    private var fields = ResponseFields()
    private var framingFields = FramingFields()
    private var isOldProtocol = false
    private var size = 0
    private(set) var isComplete = false
    /// Where the body ends, by the head; to be read when the head is complete.
    private(set) var framing = BodyFraming.untilClose
    private let answersHead: Bool
    /// Whether the next line is a status line. A later line that looks like one is none: curl passes on what has a colon.
    private var isAtStart = true

    /// Why no more of a response is read.
    package enum Refusal: Error {
        /// It has more than ``limit`` bytes.
        case tooLarge
        /// Nobody can tell where its body ends. The text goes on after "The response of HOST has ".
        case ambiguousFraming(String)
    }

    /// - Parameter answersHead: whether it is the answer to HEAD, which has no body whatever it says.
    package init(answersHead: Bool = false) {
        self.answersHead = answersHead
    }

    /// Takes one line, its end included.
    /// - Returns: the head, with the empty line that ends it; interim responses (1xx) and trailers give none.
    package mutating func add(line: UnsafeRawBufferPointer) throws(Refusal) -> Response? {
        size += line.count
        guard size <= Self.limit else { throw .tooLarge }
        if isComplete { return nil }
        var end = line.count
        while end > 0, line[end - 1] == UInt8(ascii: "\n") || line[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        if end == 0 { return try finish() }
        let line = UnsafeRawBufferPointer(rebasing: line[..<end])
        if isAtStart {
            isAtStart = false
            status = Self.status(line)
            isOldProtocol = line.starts(with: "HTTP/1.0".utf8)
        } else {
            addField(line)
        }
        return nil
    }

    private mutating func finish() throws(Refusal) -> Response? {
        guard status >= 200 else {
            (status, fields, framingFields, isAtStart) = (0, ResponseFields(), FramingFields(), true)
            return nil
        }
        do throws(BodyFraming.Ambiguity) {
            framing = try framingFields.framing(
                status: status,
                answersHead: answersHead,
                isOldProtocol: isOldProtocol
            )
        } catch {
            throw .ambiguousFraming(error.reason)
        }
        isComplete = true
        return Response(status: HTTPResponse.Status(code: status), headerFields: fields)
    }

    private mutating func addField(_ line: UnsafeRawBufferPointer) {
        guard let found = memchr(line.baseAddress!, Int32(UInt8(ascii: ":")), line.count) else { return }
        let colon = UnsafeRawPointer(found) - line.baseAddress!
        let name = UnsafeRawBufferPointer(rebasing: line[..<colon])
        guard !name.isEmpty, name.allSatisfy(Self.isTokenByte) else { return }
        var (start, end) = (colon + 1, line.count)
        while start < end, Self.isBlank(line[start]) { start += 1 }
        while end > start, Self.isBlank(line[end - 1]) { end -= 1 }
        let value = UnsafeRawBufferPointer(rebasing: line[start..<end])
        framingFields.add(name: name, value: value)
        fields.append(name: name, value: value)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// Whether a name may hold this byte. Some of these are no token's (RFC 9110, section 5.6.2): nobody asks for such a name.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7f
    }

    private static func status(_ line: UnsafeRawBufferPointer) -> Int {
        let space = UInt8(ascii: " ")
        let code = line.drop { $0 != space }.drop { $0 == space }.prefix { $0 != space }
        guard code.count == 3, code.allSatisfy({ (48...57).contains($0) }) else { return 0 }
        return code.reduce(0) { ($0 * 10) + Int($1) - 48 }
    }
}
