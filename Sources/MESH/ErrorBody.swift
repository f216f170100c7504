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
            code = Self.printable(detail["code"]?.string)
            message = Self.printable(detail["msg"]?.string)
        } else if let detail = text["detail"]?.string {
            // The sandbox's framework gives a sentence where MESH gives a list.
            message = Self.printable(detail)
        } else {
            code = Self.printable(text["errorCode"]?.string)
            message = Self.printable((text["errorDescription"] ?? text["message"])?.string)
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
}
