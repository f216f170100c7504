import FoundationEssentials

/// What MESH says in the body of a refusal, in either version of the API, or nothing where the body is somebody else's.
package struct ErrorBody: Equatable {
    /// Such as `EPL-151`.
    package var code: String?
    package var message: String?

    /// Reads `{"detail":[{"event","code","msg"}]}`, `{"errorEvent","errorCode","errorDescription"}`, and `{"message"}`.
    /// - Parameter status: a 5xx is never read: it may be a gateway's SOAP or HTML.
    package init(status: Int, body: [UInt8]) {
        guard status < 500, let text = try? JSONDecoder().decode(Forms.self, from: Data(body)) else { return }
        if let detail = text.detail?.entries.first {
            code = Self.printable(detail.code)
            message = Self.printable(detail.msg)
        } else {
            code = Self.printable(text.errorCode)
            message = Self.printable(text.errorDescription ?? text.message)
        }
    }

    /// The text in one line of a bearable length, or `nil` if nothing is left of it.
    private static func printable(_ text: String?) -> String? {
        guard let text else { return nil }
        let line = String(
            text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }.prefix(200).map(Character.init)
        )
        return line.isEmpty ? nil : line
    }

    private struct Forms: Decodable {
        var detail: Detail?
        var errorCode: String?
        var errorDescription: String?
        var message: String?
    }

    /// The sandbox's framework gives a sentence where MESH gives a list.
    private struct Detail: Decodable {
        struct Entry: Decodable {
            var code: String?
            var msg: String?
        }

        var entries: [Entry]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let list = try? container.decode([Entry].self) {
                entries = list
            } else {
                entries = [Entry(code: nil, msg: try container.decode(String.self))]
            }
        }
    }
}
