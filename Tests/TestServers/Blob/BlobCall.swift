/// A request to the Blob service, taken apart: which account, container, and blob, and the query.
struct BlobCall {
    let request: HTTPServer.Request
    let account: String
    let container: String?
    let blob: String?
    /// Names in lower case, values decoded, in the order of the wire.
    let query: [(name: String, value: String)]
    let now: Int

    init(_ request: HTTPServer.Request, _ options: StrictBlobServer.Options, now: Int) throws(BlobError) {
        self.request = request
        self.now = now
        var segments = request.path.dropFirst()
        if options.isHostStyle {
            account = options.account
        } else {
            let name = segments.prefix { $0 != "/" }
            account = String(name)
            segments = segments.dropFirst(name.count + 1)
        }
        let first = segments.prefix { $0 != "/" }
        let rest = segments.dropFirst(first.count + 1)
        container = first.isEmpty ? nil : try Self.decode(first)
        blob = rest.isEmpty ? nil : try Self.decode(rest)
        var query: [(name: String, value: String)] = []
        for pair in (request.query ?? "").split(separator: "&") {
            let name = pair.prefix { $0 != "=" }
            query.append((try Self.decode(name).lowercased(), try Self.decode(pair.dropFirst(name.count + 1))))
        }
        self.query = query
    }

    subscript(query name: String) -> String? { query.first { $0.name == name }?.value }

    func header(_ name: String) -> String? { request.headers[name] }

    private static func decode(_ text: some StringProtocol) throws(BlobError) -> String {
        guard let bytes = percentDecoded(text), let decoded = String(validating: bytes, as: UTF8.self) else {
            throw BlobError(400, "InvalidUri", "The requested URI does not represent any resource on the server.")
        }
        return decoded
    }

    /// The names that the service accepts: a container of 3 to 63 letters, digits, hyphens; a blob of up to 1024
    /// characters, no control characters, no dot or slash at its end.
    func checkNames() throws(BlobError) {
        if let container {
            let isGood =
                (3...63).contains(container.utf8.count) && !container.contains("--")
                && container.first != "-" && container.last != "-"
                && container.utf8.allSatisfy { byte in
                    (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
                }
            guard isGood else {
                throw BlobError(400, "InvalidResourceName", "The specified resource name contains invalid characters.")
            }
        }
        if let blob {
            let isGood =
                blob.utf16.count <= 1024 && blob.last != "." && blob.last != "/"
                && blob.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
            guard isGood else {
                throw BlobError(400, "InvalidResourceName", "The specified resource name contains invalid characters.")
            }
        }
    }
}
