internal import Digests
internal import FoundationEssentials
internal import Transfer

/// What a token of the cluster says of itself (RFC 7519, section 4.1): nothing of it is secret, its signature is.
package struct AssertionClaims: Sendable, Equatable {
    var issuer: String
    var subject: String
    var audience: String
    /// When it ends, as a date.
    var end: String?

    private struct Payload: Decodable {
        struct Audience: Decodable {
            var text: String

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                text =
                    try (try? container.decode([String].self))?.joined(separator: ", ")
                    ?? container.decode(String.self)
            }
        }

        var iss: String
        var sub: String
        var aud: Audience?
        var exp: Double?
    }

    /// Reads the middle part of a token; `nil` where it is none.
    package init?(token: String) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var text = parts[1].replacing("-", with: "+").replacing("_", with: "/")
        text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let bytes = Base64.decode(text),
            let payload = try? JSONDecoder().decode(Payload.self, from: Data(bytes))
        else { return nil }
        issuer = Redaction.redact(payload.iss)
        subject = Redaction.redact(payload.sub)
        audience = Redaction.redact(payload.aud?.text ?? "none")
        end = payload.exp.flatMap { (0..<253_402_300_800).contains($0) ? HTTPDate.format(Int64($0)) : nil }
    }
}
