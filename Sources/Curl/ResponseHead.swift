package import HTTPTypes

/// Collects the lines of a response's head as they come (RFC 9112, section 2).
package struct ResponseHead {
    private var status = 0
    private var fields = HTTPFields()
    private(set) var isComplete = false
    /// Whether the next line is a status line. A later line that looks like one is none: curl passes on what has a colon.
    private var isAtStart = true

    package init() {}

    /// Takes one line, its end included.
    /// - Returns: the head, with the empty line that ends it; interim responses (1xx) and trailers give none.
    package mutating func add(line: UnsafeRawBufferPointer) -> HTTPResponse? {
        if isComplete { return nil }
        var line = line
        while let last = line.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") {
            line = UnsafeRawBufferPointer(rebasing: line.dropLast())
        }
        if line.isEmpty { return finish() }
        if isAtStart {
            isAtStart = false
            status = Self.status(line)
        } else if let field = Self.field(line) {
            fields.append(field)
        }
        return nil
    }

    private mutating func finish() -> HTTPResponse? {
        guard status >= 200 else {
            (status, fields, isAtStart) = (0, HTTPFields(), true)
            return nil
        }
        isComplete = true
        return HTTPResponse(status: HTTPResponse.Status(code: status), headerFields: fields)
    }

    private static func status(_ line: UnsafeRawBufferPointer) -> Int {
        let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
        guard parts.count > 1, parts[1].count == 3, parts[1].allSatisfy({ (48...57).contains($0) }) else { return 0 }
        return parts[1].reduce(0) { ($0 * 10) + Int($1) - 48 }
    }

    private static func field(_ line: UnsafeRawBufferPointer) -> HTTPField? {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        guard let name = HTTPField.Name(String(decoding: line[..<colon], as: UTF8.self)) else { return nil }
        var value = line[(colon + 1)...]
        while let first = value.first, first == 0x20 || first == 0x09 { value = value.dropFirst() }
        while let last = value.last, last == 0x20 || last == 0x09 { value = value.dropLast() }
        return HTTPField(name: name, lenientValue: value)
    }
}
