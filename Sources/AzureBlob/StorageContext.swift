/// What answers are explained with: names that an operator knows, and no secret.
struct StorageContext: Sendable {
    enum CredentialKind: Sendable, Equatable {
        case sharedKey
        case sharedAccessSignature(expiry: String?)
        /// What the identity is called.
        case identity(String)
    }

    var host: String
    var account: String
    var container: String
    var credential: CredentialKind
    /// When the credential ends, in seconds since 1970, where it says so.
    var credentialEnd: Int64?

    init(endpoint: StorageEndpoint, container: ContainerName, credential: Credential) {
        host = endpoint.authority
        account = endpoint.accountName
        self.container = container.text
        switch credential {
        case .sharedKey:
            self.credential = .sharedKey
        case .sharedAccessSignature(let signature):
            self.credential = .sharedAccessSignature(expiry: signature.expiry)
            credentialEnd = signature.expirySeconds
        case .identity(let provider):
            self.credential = .identity("\(provider.source)")
        case .bearer:
            self.credential = .identity("access token")
        }
    }
}
