extension SettingCatalogue {
    static let connectionString = OptionalSetting(
        "AZURE_STORAGE_CONNECTION_STRING",
        .secret("a connection string of an Azure Storage account"),
        isSecret: true,
        meaning:
            "The storage account, with its key or a shared access signature; UseDevelopmentStorage=true is Azurite."
    )
    static let accountURL = OptionalSetting(
        "AZURE_STORAGE_ACCOUNT_URL",
        .serviceURL,
        meaning:
            "The account's blob endpoint, https://ACCOUNT.blob.core.windows.net, instead of a connection string."
    )
    static let sasToken = OptionalSetting(
        "AZURE_STORAGE_SAS_TOKEN",
        .sharedAccessSignature,
        isSecret: true,
        meaning: "The shared access signature that goes with AZURE_STORAGE_ACCOUNT_URL."
    )
    static let containerName = DefaultedSetting(
        "AZURE_STORAGE_CONTAINER_NAME",
        .containerName,
        default: "mesh-messages",
        meaning: "The container for messages, created if it is missing and that is permitted."
    )
    static let stateContainerName = OptionalSetting(
        "STATE_CONTAINER_NAME",
        .containerName,
        inPlace: "the container of the messages",
        meaning:
            "The container for the journal, where that of the messages is immutable or its credential may only create."
    )
    static let clientID = OptionalSetting(
        "AZURE_CLIENT_ID",
        .text(),
        meaning:
            "The client id of the identity to use AZURE_STORAGE_ACCOUNT_URL with, as in the Azure SDKs; not used yet."
    )
    static let tenantID = OptionalSetting(
        "AZURE_TENANT_ID",
        .text(),
        meaning: "The identity's tenant, as in the Azure SDKs; not used yet."
    )
    static let clientSecret = OptionalSetting(
        "AZURE_CLIENT_SECRET",
        .secret(),
        isSecret: true,
        meaning: "The identity's secret, as in the Azure SDKs; not used yet."
    )
    static let federatedTokenFile = OptionalSetting(
        "AZURE_FEDERATED_TOKEN_FILE",
        .text("the path of a file"),
        meaning: "The file of the token that workload identity mounts, as in the Azure SDKs; not used yet."
    )
    static let authorityHost = OptionalSetting(
        "AZURE_AUTHORITY_HOST",
        .text(),
        inPlace: "https://login.microsoftonline.com",
        meaning: "Where the identity's tokens are issued, as in the Azure SDKs; not used yet."
    )
    static let identityEndpoint = OptionalSetting(
        "IDENTITY_ENDPOINT",
        .text(),
        meaning: "Where a managed identity's tokens are issued, as in the Azure SDKs; not used yet."
    )
    static let identityHeader = OptionalSetting(
        "IDENTITY_HEADER",
        .secret(),
        isSecret: true,
        meaning: "The header that IDENTITY_ENDPOINT wants, as in the Azure SDKs; not used yet."
    )
    static let tokenCredentials = OptionalSetting(
        "AZURE_TOKEN_CREDENTIALS",
        .text(),
        meaning: "Which of the identity's credentials are tried, as in the Azure SDKs; not used yet."
    )
    static let storageDirectory = OptionalSetting(
        "STORAGE_DIRECTORY",
        .text("the path of a folder"),
        meaning: "A folder to store messages in, instead of Azure."
    )

    static let storage: [Setting] = [
        connectionString.setting, accountURL.setting, sasToken.setting, containerName.setting,
        stateContainerName.setting, clientID.setting, tenantID.setting, clientSecret.setting,
        federatedTokenFile.setting, authorityHost.setting, identityEndpoint.setting, identityHeader.setting,
        tokenCredentials.setting, storageDirectory.setting,
    ]
}
