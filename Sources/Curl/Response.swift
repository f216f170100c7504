import Glibc
package import HTTPTypes

/// The head of a response.
package struct Response: Sendable {
    package var status: HTTPResponse.Status
    package var headerFields: ResponseFields

    package init(status: HTTPResponse.Status, headerFields: ResponseFields = [:]) {
        self.status = status
        self.headerFields = headerFields
    }
}

/// The fields of a response's head as they came, each of them read only when it is asked for: most never are.
package struct ResponseFields: Sendable {
    /// For each field its name in lower case, a colon, its value, and a line feed.
    private var text: [UInt8] = []

    package init() {}

    /// The values of all fields of this name, with a comma between them (RFC 9110, section 5.3).
    package subscript(name: HTTPField.Name) -> String? {
        var name = name.canonicalName
        return name.withUTF8 { name in
            var found: String?
            forEach(prefix: UnsafeRawBufferPointer(name)) { rest, value in
                guard rest.isEmpty else { return }
                let value = String(decoding: value, as: UTF8.self)
                found = found.map { "\($0), \(value)" } ?? value
            }
            return found
        }
    }

    /// Goes through the fields whose name starts so.
    /// - Parameters:
    ///   - prefix: in lower case.
    ///   - body: takes what follows the prefix in the name, in lower case, and the value.
    package func forEach(prefix: StaticString, _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Void) {
        prefix.withUTF8Buffer { forEach(prefix: UnsafeRawBufferPointer($0), body) }
    }

    private func forEach(
        prefix: UnsafeRawBufferPointer,
        _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Void
    ) {
        text.withUnsafeBytes { text in
            var start = 0
            while start < text.count {
                let end = text.first(UInt8(ascii: "\n"), from: start)
                if text.has(prefix, at: start) {
                    let colon = text.first(UInt8(ascii: ":"), from: start)
                    body(text.part(start + prefix.count, colon), text.part(colon + 1, end))
                }
                start = end + 1
            }
        }
    }

    /// Adds a field of one line, its name in lower case.
    /// - Parameter name: without a colon.
    mutating func append(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        if text.isEmpty { text.reserveCapacity(1024) }
        let start = text.count
        text.append(contentsOf: name)
        for index in start..<text.count where (65...90).contains(text[index]) { text[index] |= 0x20 }
        text.append(UInt8(ascii: ":"))
        text.append(contentsOf: value)
        text.append(UInt8(ascii: "\n"))
    }
}

extension ResponseFields: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (HTTPField.Name, String)...) {
        for (name, value) in elements {
            append(name, value)
        }
    }

    package mutating func append(_ name: HTTPField.Name, _ value: String) {
        var (name, value) = (name.canonicalName, value)
        name.withUTF8 { name in
            value.withUTF8 { append(name: UnsafeRawBufferPointer(name), value: UnsafeRawBufferPointer($0)) }
        }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func first(_ byte: UInt8, from start: Int) -> Int {
        guard let found = memchr(baseAddress! + start, Int32(byte), count - start) else { return count }
        return UnsafeRawPointer(found) - baseAddress!
    }

    fileprivate func has(_ prefix: UnsafeRawBufferPointer, at start: Int) -> Bool {
        start + prefix.count <= count && memcmp(baseAddress! + start, prefix.baseAddress!, prefix.count) == 0
    }

    fileprivate func part(_ start: Int, _ end: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[start..<end])
    }
}
