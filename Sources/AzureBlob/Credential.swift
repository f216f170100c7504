internal import HTTPTypes

/// What a request proves its right with.
package enum Credential: Sendable {
    /// The account's key: every request is signed.
    case sharedKey(SharedKey)
    /// A signed query that somebody with the key made: it is appended to every request.
    case sharedAccessSignature(SharedAccessSignature)

    /// Completes a request, the last thing before it is sent: nothing but the credential's own part may change.
    func authorize(_ request: StorageRequest, fields: inout HTTPFields, target: inout String) {
        switch self {
        case .sharedKey(let key):
            fields.append(HTTPField(name: .authorization, value: key.authorization(for: request, fields: fields)))
        case .sharedAccessSignature(let signature):
            target += request.query.isEmpty ? "?" : "&"
            target += signature.query
        }
    }
}

extension Credential: CustomStringConvertible, CustomReflectable {
    /// The kind alone.
    package var description: String {
        switch self {
        case .sharedKey: "account key"
        case .sharedAccessSignature: "shared access signature"
        }
    }

    package var customMirror: Mirror {
        Mirror(self, children: [])
    }
}
