import FoundationEssentials

/// A token of a cluster, as it is projected into a pod (RFC 7519).
package struct FederatedToken: Sendable, Codable, Equatable {
    package var iss = "https://oidc.example/cluster"
    package var sub = "system:serviceaccount:mesh:poll-mesh-inbox"
    package var aud = ["api://AzureADTokenExchange"]
    /// When it ends, in seconds since 1970.
    package var exp: Int

    /// - Parameter end: seconds since 1970.
    package init(end: Int) {
        exp = end
    }

    private static let key = Array("the key of the cluster".utf8)
    private static let header = encode(utf8(#"{"alg":"HS256","typ":"JWT"}"#))

    /// The text of the file, signed by a key that only the servers of tests have.
    package var text: String {
        Self.sign((try? JSONEncoder().encode(self)).map { [UInt8]($0) } ?? [])
    }

    /// The token that has these claims.
    static func sign(_ claims: [UInt8]) -> String {
        let signed = "\(header).\(encode(claims))"
        return "\(signed).\(signature(of: signed))"
    }

    /// Reads a text and checks its signature.
    init?(text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts[2] == Self.signature(of: "\(parts[0]).\(parts[1])"),
            let claims = Self.decode(parts[1]),
            let token = try? JSONDecoder().decode(FederatedToken.self, from: Data(claims))
        else { return nil }
        self = token
    }

    private static func signature(of text: String) -> String {
        encode(Digest.hmacSHA256(key: key, utf8(text)))
    }

    private static func encode(_ bytes: [UInt8]) -> String {
        Base64.encode(bytes).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func decode(_ text: String) -> [UInt8]? {
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        return Base64.decode(plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4))
    }
}
