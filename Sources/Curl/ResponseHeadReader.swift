import Glibc
import HTTPTypes

/// Collects the lines of a response's head as they come (RFC 9112, section 2).
package struct ResponseHeadReader {
    private var status = 0
    private var fields = ResponseFields()
    private(set) var isComplete = false
    /// Whether the next line is a status line. A later line that looks like one is none: curl passes on what has a colon.
    private var isAtStart = true

    package init() {}

    /// Takes one line, its end included.
    /// - Returns: the head, with the empty line that ends it; interim responses (1xx) and trailers give none.
    package mutating func add(line: UnsafeRawBufferPointer) -> Response? {
        if isComplete { return nil }
        var end = line.count
        while end > 0, line[end - 1] == UInt8(ascii: "\n") || line[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        if end == 0 { return finish() }
        let line = UnsafeRawBufferPointer(rebasing: line[..<end])
        if isAtStart {
            isAtStart = false
            status = Self.status(line)
        } else {
            addField(line)
        }
        return nil
    }

    private mutating func finish() -> Response? {
        guard status >= 200 else {
            (status, fields, isAtStart) = (0, ResponseFields(), true)
            return nil
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
        fields.append(name: name, value: UnsafeRawBufferPointer(rebasing: line[start..<end]))
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
