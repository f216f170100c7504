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
        .accountURL,
        meaning:
            """
            The account's blob endpoint, https://ACCOUNT.blob.core.windows.net, instead of a connection string. \
            Goes with AZURE_STORAGE_SAS_TOKEN, or with an identity.
            """
    )
    static let sasToken = OptionalSetting(
        "AZURE_STORAGE_SAS_TOKEN",
        .secret("a shared access signature: name=value pairs joined by &, sig among them"),
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
    static let storageDirectory = OptionalSetting(
        "STORAGE_DIRECTORY",
        .text("the path of a folder"),
        meaning: "A folder to store messages in, instead of Azure."
    )

    static let storage: [Setting] = [
        connectionString.setting, accountURL.setting, sasToken.setting, containerName.setting,
        stateContainerName.setting, storageDirectory.setting,
    ]
}
