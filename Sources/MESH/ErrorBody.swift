import Transfer

/// What MESH says in the body of a refusal, in either version of the API, or nothing where the body is somebody else's.
package struct ErrorBody: Equatable {
    /// Such as `EPL-151`.
    package var code: String?
    package var message: String?
    /// Whether the body is none of MESH's: neither empty nor a JSON object.
    package private(set) var isForeign = false

    /// Reads `{"detail":[{"event","code","msg"}]}`, `{"errorEvent","errorCode","errorDescription"}`, and `{"message"}`.
    /// - Parameter status: a 5xx is never read: it may be a gateway's SOAP or HTML.
    package init(status: Int, body: [UInt8]) {
        guard !body.allSatisfy({ $0 == 0x20 || (0x09...0x0d).contains($0) }) else { return }
        guard let text = JSONValue(body), case .object = text else {
            isForeign = true
            return
        }
        guard status < 500 else { return }
        if let detail = text["detail"]?.array?.first {
            code = Self.checkedCode(detail["code"]?.string)
            message = Self.printable(detail["msg"]?.string)
        } else if let detail = text["detail"]?.string {
            // The sandbox's framework gives a sentence where MESH gives a list.
            message = Self.printable(detail)
        } else {
            code = Self.checkedCode(text["errorCode"]?.string)
            message = Self.printable((text["errorDescription"] ?? text["message"])?.string)
        }
    }

    /// A code, if it is one: letters, digits, and what MESH puts between them.
    private static func checkedCode(_ text: String?) -> String? {
        guard let text, (1...64).contains(text.utf8.count) else { return nil }
        let isCode = text.utf8.allSatisfy { byte in
            PercentEncoding.isLetterOrDigit(byte) || [UInt8(ascii: "-"), UInt8(ascii: "_")].contains(byte)
        }
        return isCode ? text : nil
    }

    /// The text in one line, or `nil` if nothing is left of it. It is long enough to find a secret in it whole; whoever
    /// shows it cuts it.
    private static func printable(_ text: String?) -> String? {
        guard let text else { return nil }
        let line = String(
            text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }.prefix(MarkedText.keptBytes)
                .map(Character.init)
        )
        return line.isEmpty ? nil : line
    }
}
