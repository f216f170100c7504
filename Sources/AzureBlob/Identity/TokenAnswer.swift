internal import Transfer

/// What a token endpoint answers with: a token, or what is wrong.
package struct TokenAnswer: Equatable {
    private var token: String?
    private var lifetime: Int64?
    private var end: Int64?
    private var refreshIn: Int64?
    /// Such as `AADSTS7000215`, or `invalid_client` where there is no such code.
    package private(set) var errorCode: String?
    /// The first sentence or so of what the endpoint says, as it is: it may repeat what it was sent.
    package private(set) var errorMessage: String?
    /// As it is, likewise.
    private(set) var correlationID: String?
    /// Whether it is an object at all, as everything is that a token service says.
    private(set) var isOfTokenService = false

    package init(_ body: [UInt8]) {
        guard let document = JSONValue(body), case .object = document else { return }
        isOfTokenService = true
        if let text = document["access_token"]?.string, Self.isToken(text),
            document["token_type"]?.string.map({ $0.lowercased() == "bearer" }) ?? true
        {
            token = text
        }
        lifetime = Self.number(document["expires_in"])
        end = Self.number(document["expires_on"])
        refreshIn = Self.number(document["refresh_in"])
        // `"error": "invalid_client"`, or `"error": {"code", "message"}`.
        let error = document["error"]
        let message = document["error_description"] ?? error?["message"] ?? document["message"]
        let name = error?.string ?? error?["code"]?.string
        let number = document["error_codes"]?.array?.first?.integer.map { "AADSTS\($0)" }
        errorCode = number ?? message?.string.flatMap(Self.code) ?? name.flatMap(Self.checkedName)
        errorMessage = message?.string.map { String($0.prefix { !$0.isNewline }) }
        correlationID = (document["correlation_id"] ?? document["correlationId"])?.string
    }

    /// A number, which some endpoints write as a string.
    private static func number(_ value: JSONValue?) -> Int64? {
        value?.integer.map(Int64.init) ?? value?.string.flatMap { Int64($0) }
    }

    /// The token, if there is one that holds for a while.
    /// - Parameter now: seconds since 1970.
    package func accessToken(now: Int64) -> AccessToken? {
        guard let token, let lifetime = lifetime ?? end.map({ $0.subtractingClamped(now) }), lifetime > 0 else {
            return nil
        }
        return AccessToken(text: token, now: now, lifetime: lifetime, refreshIn: refreshIn)
    }

    /// What can stand in a header as it is (RFC 6750, section 2.1).
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    }

    /// The code that a description of Microsoft Entra ID starts with.
    private static func code(in message: String) -> String? {
        guard message.hasPrefix("AADSTS") else { return nil }
        let digits = message.dropFirst(6).prefix { $0.isASCII && $0.isNumber }
        return digits.isEmpty || digits.count > 9 ? nil : "AADSTS\(digits)"
    }

    /// A name as OAuth and Azure have them: letters and `_`.
    private static func checkedName(_ text: String) -> String? {
        let isName = text.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
        return isName && (1...40).contains(text.utf8.count) ? text : nil
    }
}
