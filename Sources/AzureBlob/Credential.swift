internal import HTTPTypes

/// What a request proves its right with.
package enum Credential: Sendable {
    /// The account's key: every request is signed.
    case sharedKey(SharedKey)
    /// A signed query that somebody with the key made: it is appended to every request.
    case sharedAccessSignature(SharedAccessSignature)
    /// An identity of Microsoft Entra ID, whose token each request carries.
    case identity(TokenProvider)
    /// The token of an identity.
    case bearer(AccessToken)

    /// Adds the credential's own part to a request that is complete but for it.
    /// - Parameters:
    ///   - fields: headers to add to.
    ///   - target: path and query, as they go over the wire.
    func authorize(_ request: StorageRequest, fields: inout HTTPFields, target: inout String) {
        switch self {
        case .sharedKey(let key):
            fields.append(HTTPField(name: .authorization, value: key.authorization(for: request)))
        case .sharedAccessSignature(let signature):
            target += request.query.isEmpty ? "?" : "&"
            target += signature.query
        case .bearer(let token):
            fields.append(HTTPField(name: .authorization, value: "Bearer \(token.text)"))
        case .identity:
            preconditionFailure("a request as an identity is made with its token")
        }
    }
}

extension Credential: CustomStringConvertible, CustomReflectable {
    /// The kind alone.
    package var description: String {
        switch self {
        case .sharedKey: "account key"
        case .sharedAccessSignature: "shared access signature"
        case .identity(let provider): "\(provider.source)"
        case .bearer: "access token"
        }
    }

    package var customMirror: Mirror {
        Mirror(self, children: [])
    }
}
