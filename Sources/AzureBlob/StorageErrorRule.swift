internal import Transfer

/// What an error code of the Blob service means here, wherever it comes up.
struct StorageErrorRule: Sendable {
    var kind: Failure.Kind
    var advice: StorageAdvice?

    /// The rule of a code; `nil` where the status or the operation has to decide.
    static func rule(for code: String) -> StorageErrorRule? {
        if code.hasPrefix("Lease") {
            return StorageErrorRule(kind: .lease)
        }
        return rules[code]
    }

    /// The codes of "Common REST API error codes" and "Blob Storage error codes" that say more than their status does.
    static let rules: [String: StorageErrorRule] = [
        "InternalError": .init(kind: .transient),
        "OperationTimedOut": .init(kind: .transient),
        "ServerBusy": .init(kind: .transient),
        "Md5Mismatch": .init(kind: .transient),
        "Crc64Mismatch": .init(kind: .transient),
        "AccountBeingCreated": .init(kind: .transient),
        "ContainerBeingDeleted": .init(kind: .transient, advice: .containerBeingDeleted),

        "BlobAlreadyExists": .init(kind: .alreadyExists),
        "UnauthorizedBlobOverwrite": .init(kind: .alreadyExists),
        "InvalidBlockList": .init(kind: .stagedBlocksLost),
        "InvalidBlobOrBlock": .init(kind: .stagedBlocksLost),

        "ContainerNotFound": .init(kind: .settings, advice: .createContainer),
        "ContainerDisabled": .init(kind: .settings, advice: .createContainer),
        "ResourceNotFound": .init(kind: .settings, advice: .checkAddress),
        "AccountRequiresHttps": .init(kind: .settings, advice: .useHTTPS),
        "InvalidUri": .init(kind: .settings, advice: .checkAddress),

        "AuthenticationFailed": .init(kind: .refused, advice: .checkCredential),
        "InvalidAuthenticationInfo": .init(kind: .refused, advice: .checkCredential),
        "NoAuthenticationInformation": .init(kind: .refused, advice: .checkCredential),
        "AuthorizationPermissionMismatch": .init(kind: .refused, advice: .grantPermission),
        "InsufficientAccountPermissions": .init(kind: .refused, advice: .grantPermission),
        "AuthorizationResourceTypeMismatch": .init(kind: .refused, advice: .grantPermission),
        "AuthorizationServiceMismatch": .init(kind: .refused, advice: .grantPermission),
        "AuthorizationFailure": .init(kind: .refused, advice: .openFirewall),
        "AuthorizationSourceIPMismatch": .init(kind: .refused, advice: .openFirewall),
        "AuthorizationProtocolMismatch": .init(kind: .refused, advice: .useHTTPS),
        "KeyBasedAuthenticationNotPermitted": .init(kind: .refused, advice: .avoidKey),
        "AccountIsDisabled": .init(kind: .refused, advice: .enableAccount),
        "PublicAccessNotPermitted": .init(kind: .refused, advice: .checkCredential),

        "BlobImmutableDueToPolicy": .init(kind: .permanent, advice: .avoidImmutable),
        "BlobOperationNotSupported": .init(kind: .permanent, advice: .checkAccountKind),
        "FeatureNotSupported": .init(kind: .permanent, advice: .checkAccountKind),
        "InvalidBlobType": .init(kind: .permanent),
        "MetadataTooLarge": .init(kind: .permanent),
        "InvalidMetadata": .init(kind: .permanent),
        "EmptyMetadataKey": .init(kind: .permanent),
        "BlockCountExceedsLimit": .init(kind: .permanent),
        "BlockListTooLong": .init(kind: .permanent),
        "RequestBodyTooLarge": .init(kind: .permanent),
    ]
}
