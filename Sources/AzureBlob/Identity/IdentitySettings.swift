package import Transfer

/// What the settings say of the identity that storage is used with. None of it is checked yet.
package struct IdentitySettings: Sendable {
    package var clientID: String?
    package var tenantID: String?
    /// A secret.
    package var clientSecret: String?
    /// The path of a file that holds a token of the cluster, which is exchanged for one of the identity.
    package var federatedTokenFile: String?
    /// `nil` for that of the account's cloud.
    package var authority: ServiceURL?
    package var identityEndpoint: ServiceURL?
    /// A secret.
    package var identityHeader: String?
    package var allowed: [IdentityMethod]

    package init(
        clientID: String? = nil,
        tenantID: String? = nil,
        clientSecret: String? = nil,
        federatedTokenFile: String? = nil,
        authority: ServiceURL? = nil,
        identityEndpoint: ServiceURL? = nil,
        identityHeader: String? = nil,
        allowed: [IdentityMethod] = IdentityMethod.allCases
    ) {
        self.clientID = clientID
        self.tenantID = tenantID
        self.clientSecret = clientSecret
        self.federatedTokenFile = federatedTokenFile
        self.authority = authority
        self.identityEndpoint = identityEndpoint
        self.identityHeader = identityHeader
        self.allowed = allowed
    }
}

extension IdentitySettings: CustomStringConvertible, CustomReflectable {
    package var description: String { "identity settings" }

    package var customMirror: Mirror {
        Mirror(self, children: [])
    }
}
