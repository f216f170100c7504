internal import Transfer

/// What an operator can do when no token is to be had.
enum IdentityAdvice: Sendable, Equatable, CaseIterable {
    case addFederatedCredential
    case askLater
    case assignIdentity
    case checkAnswer
    case checkAssertion
    case checkAuthority
    case checkClient
    case checkSecret
    case checkTenant
    case conditionalAccess
    case enableApplication
    case lookUp
    case renewAssertion
    case renewSecret
    case setUpIdentity

    /// The advice in one sentence or two.
    /// - Parameter claims: what the token of the cluster says of itself, where there is one.
    func text(_ source: TokenSource, claims: AssertionClaims?) -> String {
        let client = source.clientID ?? "AZURE_CLIENT_ID"
        switch self {
        case .addFederatedCredential:
            return "Give the identity \(client) a federated credential with \(Self.whom(claims)). A new one takes a "
                + "few minutes to work."
        case .askLater:
            return "Microsoft Entra ID is busy or not well: the next run tries again; look at https://status.azure.com."
        case .assignIdentity:
            return source.clientID == nil
                ? "Assign a managed identity to this machine, or set AZURE_CLIENT_ID where it has several."
                : "Assign the identity \(client) to this machine, or correct AZURE_CLIENT_ID."
        case .checkAnswer:
            return "Something other than \(source.endpoint.authority) answered: check AZURE_AUTHORITY_HOST, "
                + "IDENTITY_ENDPOINT, and proxies (HTTPS_PROXY, NO_PROXY)."
        case .checkAssertion:
            return "AZURE_FEDERATED_TOKEN_FILE must name the token that the cluster projects for the audience "
                + "api://AzureADTokenExchange: check the volume of the pod."
        case .checkAuthority:
            return "Check AZURE_AUTHORITY_HOST and AZURE_TENANT_ID: they must be of the account's cloud."
        case .checkClient:
            return "Check AZURE_CLIENT_ID and AZURE_TENANT_ID: the tenant has no application \(client)."
        case .checkSecret:
            return "Check AZURE_CLIENT_SECRET: it is the secret's value, not its id, and one of the client \(client)."
        case .checkTenant:
            return "Check AZURE_TENANT_ID, and that AZURE_AUTHORITY_HOST is of its cloud."
        case .conditionalAccess:
            return "A Conditional Access policy for workload identities refuses the client \(client) from here."
        case .enableApplication:
            return "Enable the application \(client) in its tenant: it is disabled."
        case .lookUp:
            return "Look the code up at https://login.microsoftonline.com/error, and check what names the identity."
        case .renewAssertion:
            return Self.renewal(claims)
        case .renewSecret:
            return "Make a new secret for the client \(client) and set AZURE_CLIENT_SECRET: this one has ended."
        case .setUpIdentity:
            return "In AKS, label the pod azure.workload.identity/use=true and annotate its service account with "
                + "azure.workload.identity/client-id; elsewhere, assign a managed identity, or set "
                + "AZURE_STORAGE_SAS_TOKEN."
        }
    }

    private static func whom(_ claims: AssertionClaims?) -> String {
        guard let claims else { return "the issuer and the subject of the cluster's token" }
        return "issuer \(claims.issuer), subject \(claims.subject) and audience \(claims.audience)"
    }

    private static func renewal(_ claims: AssertionClaims?) -> String {
        let what = "The file of AZURE_FEDERATED_TOKEN_FILE holds a token whose time is not now"
        guard let claims, let end = claims.end else { return "\(what): check this machine's clock and the file." }
        return "\(what) (it ends at \(end)): check this machine's clock, and that the cluster renews the file."
    }
}
