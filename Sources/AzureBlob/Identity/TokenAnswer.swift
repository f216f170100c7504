internal import FoundationEssentials

/// What a token endpoint answers with: a token, or what is wrong.
package struct TokenAnswer: Equatable {
    /// A number that some endpoints write as a string.
    private struct Number: Decodable {
        var value: Int64?

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int64.self) {
                value = number
            } else if let text = try? container.decode(String.self) {
                value = Int64(text)
            }
        }
    }

    /// `"error": "invalid_client"`, or `"error": {"code", "message"}`.
    private struct Fault: Decodable {
        var code: String?
        var message: String?

        private enum CodingKeys: String, CodingKey {
            case code
            case message
        }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                code = text
            } else if let container = try? decoder.container(keyedBy: CodingKeys.self) {
                code = try? container.decode(String.self, forKey: .code)
                message = try? container.decode(String.self, forKey: .message)
            }
        }
    }

    /// The fields of all three endpoints, `access_token` and so on.
    private struct Document: Decodable {
        var accessToken: String?
        var tokenType: String?
        var expiresIn: Number?
        var expiresOn: Number?
        var refreshIn: Number?
        var error: Fault?
        var errorDescription: String?
        var errorCodes: [Int]?
        var message: String?
        var correlationId: String?
    }

    private var token: String?
    private var lifetime: Int64?
    private var end: Int64?
    private var refreshIn: Int64?
    /// Such as `AADSTS7000215`, or `invalid_client` where there is no such code.
    package private(set) var errorCode: String?
    /// The first sentence or so of what the endpoint says, as it is: it may repeat what it was sent.
    package private(set) var errorMessage: String?
    private(set) var correlationID: String?

    package init(_ body: [UInt8]) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let document = try? decoder.decode(Document.self, from: Data(body)) else { return }
        if let text = document.accessToken, Self.isToken(text),
            document.tokenType.map({ $0.lowercased() == "bearer" }) ?? true
        {
            token = text
        }
        lifetime = document.expiresIn?.value
        end = document.expiresOn?.value
        refreshIn = document.refreshIn?.value
        let message = document.errorDescription ?? document.error?.message ?? document.message
        let number = document.errorCodes?.first.map { "AADSTS\($0)" }
        errorCode = number ?? message.flatMap(Self.code) ?? document.error?.code.flatMap(Self.checkedName)
        errorMessage = message.map { String($0.prefix { !$0.isNewline }) }
        correlationID = document.correlationId.map { Redaction.redact($0, limit: 64) }
    }

    /// The token, if there is one that holds for a while.
    /// - Parameter now: seconds since 1970.
    package func accessToken(now: Int64) -> AccessToken? {
        guard let token, let lifetime = lifetime ?? end.map({ $0 - now }), lifetime > 0 else { return nil }
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
