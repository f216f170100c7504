internal import Digests
internal import Transfer

/// What a token of the cluster says of itself (RFC 7519, section 4.1): nothing of it is secret, its signature is.
package struct AssertionClaims: Sendable, Equatable {
    var issuer: String
    var subject: String
    var audience: String
    /// When it ends, as a date.
    var end: String?

    /// Reads the middle part of a token; `nil` where it is none.
    package init?(token: String) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var text = parts[1].replacing("-", with: "+").replacing("_", with: "/")
        text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let payload = Base64.decode(text).flatMap(JSONValue.init), let issuer = payload["iss"]?.string,
            let subject = payload["sub"]?.string
        else { return nil }
        let audience = payload["aud"]?.strings?.joined(separator: ", ") ?? payload["aud"]?.string
        self.issuer = Redaction.redact(issuer, limit: 200)
        self.subject = Redaction.redact(subject, limit: 200)
        self.audience = Redaction.redact(audience ?? "none", limit: 200)
        end = payload["exp"]?.integer.flatMap { (0..<253_402_300_800).contains($0) ? HTTPDate.format(Int64($0)) : nil }
    }
}
