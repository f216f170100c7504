internal import Transfer

/// Which way to a token the settings lead to. The first that is set up is taken, and no other after it: what is set up
/// and does not work is to be repaired, not passed over.
package enum IdentityChoice: Sendable {
    /// A way that was not taken, and why.
    package struct PassedOver: Sendable, Equatable {
        package var method: IdentityMethod
        /// The end of a sentence that begins with the method.
        package var reason: String
    }

    case chosen(TokenSource, passedOver: [PassedOver])
    /// A way is set up in part.
    /// - Parameters:
    ///   - missing: the setting that it needs, too.
    ///   - given: the setting that says that it is meant.
    case incomplete(IdentityMethod, missing: String, given: String)
    /// None is set up.
    case none([PassedOver])

    /// Decides by the settings alone.
    /// - Parameter storageHost: that of the account, whose cloud issues the tokens unless the settings say otherwise.
    package init(_ settings: IdentitySettings, storageHost: String) {
        let authority = settings.authority ?? Cloud(storageHost: storageHost).authority
        var passedOver: [PassedOver] = []
        for method in IdentityMethod.allCases {
            guard settings.allowed.contains(method) else {
                passedOver.append(PassedOver(method: method, reason: "AZURE_TOKEN_CREDENTIALS leaves it out"))
                continue
            }
            switch settings.setUp(method, authority) {
            case .ready(let source):
                self = .chosen(source, passedOver: passedOver)
                return
            case .incomplete(let missing, let given):
                self = .incomplete(method, missing: missing, given: given)
                return
            case .absent(let setting):
                passedOver.append(PassedOver(method: method, reason: "\(setting) is not set"))
            }
        }
        self = .none(passedOver)
    }
}

extension [IdentityChoice.PassedOver] {
    /// `client secret (AZURE_CLIENT_SECRET is not set), …`
    package var text: String {
        map { "\($0.method.rawValue) (\($0.reason))" }.joined(separator: ", ")
    }
}

private enum SetUp {
    case ready(TokenSource)
    case incomplete(missing: String, given: String)
    case absent(setting: String)
}

extension IdentitySettings {
    fileprivate func setUp(_ method: IdentityMethod, _ authority: ServiceURL) -> SetUp {
        switch method {
        case .clientSecret:
            guard let clientSecret else { return .absent(setting: "AZURE_CLIENT_SECRET") }
            return application("AZURE_CLIENT_SECRET", authority) { .clientSecret($0, clientSecret) }
        case .workloadIdentity:
            guard let federatedTokenFile else { return .absent(setting: "AZURE_FEDERATED_TOKEN_FILE") }
            return application("AZURE_FEDERATED_TOKEN_FILE", authority) { .workloadIdentity($0, federatedTokenFile) }
        case .appService:
            guard let identityEndpoint else { return .absent(setting: "IDENTITY_ENDPOINT") }
            guard let identityHeader else {
                return .incomplete(missing: "IDENTITY_HEADER", given: "IDENTITY_ENDPOINT")
            }
            return .ready(TokenSource(.appService(identityEndpoint, header: identityHeader, clientID: clientID)))
        case .instanceMetadata:
            return .ready(TokenSource(.instanceMetadata(clientID: clientID)))
        }
    }

    /// An application of the directory needs its tenant and its id.
    private func application(
        _ given: String,
        _ authority: ServiceURL,
        _ way: (TokenSource.Application) -> TokenSource.Way
    ) -> SetUp {
        guard let tenantID else { return .incomplete(missing: "AZURE_TENANT_ID", given: given) }
        guard let clientID else { return .incomplete(missing: "AZURE_CLIENT_ID", given: given) }
        let application = TokenSource.Application(authority: authority, tenantID: tenantID, clientID: clientID)
        return .ready(TokenSource(way(application)))
    }
}
