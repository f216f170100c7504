/// What an operator can do about an answer of the Blob service.
enum StorageAdvice: Sendable, Equatable, CaseIterable {
    case avoidImmutable
    case avoidKey
    case checkAccountKind
    case checkAddress
    case checkCredential
    case checkName
    case checkProxy
    case containerBeingDeleted
    case createContainer
    case enableAccount
    case grantPermission
    case openFirewall
    case updateEmulator
    case useHTTPS

    /// The advice in one sentence.
    func text(_ context: StorageContext) -> String {
        switch self {
        case .avoidImmutable:
            "An immutability policy of the container \(context.container) refuses this; keep the journal in another "
                + "container (STATE_CONTAINER_NAME)."
        case .avoidKey:
            "The account \(context.account) does not allow account keys: use an identity or a user delegation SAS."
        case .checkAccountKind:
            "The account \(context.account) does not support this operation: use a general-purpose v2 account."
        case .checkAddress:
            "Check the account's name and URL: \(context.host) is not where its Blob service answers."
        case .checkCredential:
            context.credential.advice(account: context.account)
        case .checkName:
            "Check the account's name and URL, the name service, and the private DNS zone of a private endpoint."
        case .checkProxy:
            "Something between here and the Blob service answered: check the URL, proxies (HTTPS_PROXY, NO_PROXY) and "
                + "gateways."
        case .containerBeingDeleted:
            "The container \(context.container) is being deleted, which takes at least 30 seconds."
        case .createContainer:
            "Create the container \(context.container) in the account \(context.account), or check its name."
        case .enableAccount:
            "Enable the account \(context.account): it is disabled."
        case .grantPermission:
            context.credential.permissionAdvice(container: context.container)
        case .openFirewall:
            "Let this network through the firewall of the account \(context.account), or check that the credential may "
                + "do this in the container \(context.container)."
        case .updateEmulator:
            "The service does not know version \(StorageRequest.serviceVersion) of the protocol: update the emulator."
        case .useHTTPS:
            "Use https in the URL or connection string."
        }
    }
}

extension StorageContext.CredentialKind {
    fileprivate func advice(account: String) -> String {
        switch self {
        case .sharedKey:
            "Check the key of the account \(account): it may have been rotated, or be the key of another account."
        case .sharedAccessSignature(expiry: let expiry?):
            "Check the SAS: it ends at \(expiry), and ends early when its key or its stored policy is changed."
        case .sharedAccessSignature(expiry: nil):
            "Check the SAS: it may have ended, or its key or its stored policy may have been changed."
        case .identity(let name):
            "Check that the account \(account) is in the tenant of the \(name), and this machine's clock."
        }
    }

    fileprivate func permissionAdvice(container: String) -> String {
        switch self {
        case .sharedKey:
            "Check that the account's key may write to the container \(container)."
        case .sharedAccessSignature:
            "Make a SAS that allows read, create, write and delete (sp=rcwd) in the container \(container)."
        case .identity(let name):
            "Give the \(name) the role Storage Blob Data Contributor for the account or the container \(container); a new "
                + "role takes up to ten minutes to work."
        }
    }
}
