/// A request that HTTP/1.1, read strictly, does not allow.
struct RequestProblem: Error {
    let status: Int
    let reason: String
}

/// The request line and the header fields (RFC 9112, sections 3 and 5).
struct RequestHead {
    let method: String
    let target: String
    let headers: HTTPServer.Headers

    /// - Parameter text: without the empty line at the end.
    init(_ text: UnsafeRawBufferPointer) throws(RequestProblem) {
        var lines = try Self.lines(text)[...]
        let parts = String(decoding: UnsafeRawBufferPointer(rebasing: lines.removeFirst()), as: UTF8.self)
            .split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty else { throw Self.bad("the request line has not three parts") }
        guard parts[2] == "HTTP/1.1" else { throw RequestProblem(status: 505, reason: "only HTTP/1.1 is spoken here") }
        guard parts[1].first == "/", Self.isVisible(parts[1]), !parts[1].utf8.contains(UInt8(ascii: "#"))
        else {
            throw Self.bad("the target is no percent-encoded path")
        }
        var fields: [HTTPServer.Headers.Field] = []
        fields.reserveCapacity(lines.count)
        for line in lines { fields.append(try Self.field(line)) }
        method = String(parts[0])
        target = String(parts[1])
        headers = HTTPServer.Headers(fields)
        guard headers.values("Host").count == 1 else { throw Self.bad("not exactly one Host") }
    }

    /// How many bytes of body follow (RFC 9112, section 6).
    func bodyLength(limit: Int) throws(RequestProblem) -> Int {
        guard headers["Transfer-Encoding"] == nil else {
            throw RequestProblem(status: 501, reason: "transfer encodings are not accepted, send a Content-Length")
        }
        let lengths = headers.values("Content-Length")
        guard let text = lengths.first else {
            guard method != "PUT", method != "POST" else {
                throw RequestProblem(status: 411, reason: "\(method) without Content-Length")
            }
            return 0
        }
        guard lengths.count == 1, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let length = Int(text) else {
            throw Self.bad("the Content-Length is no number")
        }
        guard length <= limit else { throw RequestProblem(status: 413, reason: "more than \(limit) bytes") }
        return length
    }

    private static func lines(_ text: UnsafeRawBufferPointer) throws(RequestProblem) -> [Slice<UnsafeRawBufferPointer>]
    {
        var lines: [Slice<UnsafeRawBufferPointer>] = []
        var start = 0
        while start <= text.count {
            let end = find(UInt8(ascii: "\n"), in: text, from: start) ?? text.count + 1
            guard end > text.count || (end > start && text[end - 1] == UInt8(ascii: "\r")) else {
                throw bad("a line that ends in a bare line feed")
            }
            lines.append(text[start..<end - 1])
            start = end + 1
        }
        return lines
    }

    private static func field(_ line: Slice<UnsafeRawBufferPointer>) throws(RequestProblem) -> HTTPServer.Headers.Field
    {
        let text = UnsafeRawBufferPointer(rebasing: line)
        guard let colon = find(UInt8(ascii: ":"), in: text, from: 0), colon > 0 else {
            throw bad("a header line without a name")
        }
        let name = String(decoding: UnsafeRawBufferPointer(rebasing: text[..<colon]), as: UTF8.self)
        guard isVisible(name) else { throw bad("a header name with a space") }
        var start = colon + 1
        var end = text.count
        while start < end, text[start] == 0x20 || text[start] == 0x09 { start += 1 }
        while end > start, text[end - 1] == 0x20 || text[end - 1] == 0x09 { end -= 1 }
        return HTTPServer.Headers.Field(name, bytes: Array(UnsafeRawBufferPointer(rebasing: text[start..<end])))
    }

    /// Whether every byte is printable ASCII other than a space.
    private static func isVisible(_ text: some StringProtocol) -> Bool {
        Array(text.utf8).withUnsafeBufferPointer { bytes in
            var index = 0
            while index < bytes.count {
                if bytes[index] <= 0x20 || bytes[index] >= 0x7F { return false }
                index += 1
            }
            return true
        }
    }

    private static func bad(_ reason: String) -> RequestProblem {
        RequestProblem(status: 400, reason: reason)
    }
}
