extension SettingsLoader {
    /// - Returns: `nil` only where there is a problem.
    mutating func loadStorage() -> Settings.Storage? {
        let place = loadPlace()
        let containerName = reader.value(of: SettingCatalogue.containerName)
        let stateContainerName = reader.value(of: SettingCatalogue.stateContainerName)
        guard let place else { return nil }
        return Settings.Storage(
            place: place,
            containerName: containerName,
            stateContainerName: stateContainerName ?? containerName
        )
    }

    mutating func loadIdentity() -> Settings.Identity {
        Settings.Identity(
            clientID: reader.value(of: SettingCatalogue.clientID),
            tenantID: reader.value(of: SettingCatalogue.tenantID),
            clientSecret: secrets.add(reader.value(of: SettingCatalogue.clientSecret)),
            federatedTokenFile: reader.value(of: SettingCatalogue.federatedTokenFile),
            authorityHost: reader.value(of: SettingCatalogue.authorityHost),
            endpoint: reader.value(of: SettingCatalogue.identityEndpoint),
            header: secrets.add(reader.value(of: SettingCatalogue.identityHeader)),
            tokenCredentials: reader.value(of: SettingCatalogue.tokenCredentials)
        )
    }

    private mutating func loadPlace() -> Settings.Storage.Place? {
        let stringSetting = SettingCatalogue.connectionString.setting
        let urlSetting = SettingCatalogue.accountURL.setting
        let signatureSetting = SettingCatalogue.sasToken.setting
        let connectionString = secrets.addConnectionString(reader.value(of: SettingCatalogue.connectionString))
        let accountURL = reader.value(of: SettingCatalogue.accountURL)
        let signature = secrets.addSignature(reader.value(of: SettingCatalogue.sasToken))
        let directory = reader.value(of: SettingCatalogue.storageDirectory)
        let settings = [stringSetting, urlSetting, SettingCatalogue.storageDirectory.setting]
        let given = settings.filter(reader.isGiven)
        if given.isEmpty {
            reader.report(
                stringSetting,
                "None of \(Self.list(settings, "and")) is set, so that there is nowhere to store messages.",
                advice: "Set one of them; STORAGE_DIRECTORY needs nothing but a folder."
            )
        } else if given.count > 1 {
            reader.report(
                given[0],
                "\(Self.list(given, "and")) are set, but messages go to one place.",
                advice: "Keep one of them and remove the rest."
            )
        }
        if reader.isGiven(signatureSetting), !reader.isGiven(urlSetting), !given.isEmpty {
            reader.warn(
                signatureSetting.name,
                "AZURE_STORAGE_SAS_TOKEN is not used: it goes with AZURE_STORAGE_ACCOUNT_URL, which is not set.",
                advice: "Set AZURE_STORAGE_ACCOUNT_URL instead of \(given[0].name), or remove the token."
            )
        }
        if let accountURL, !accountURL.isSecure, !accountURL.isLoopback {
            reader.warn(
                urlSetting.name,
                "AZURE_STORAGE_ACCOUNT_URL is http, so that what goes to \(accountURL.host) is not encrypted.",
                advice: "Use https."
            )
        }
        if let connectionString, let statement = checkConnectionString(connectionString) {
            reader.report(
                stringSetting,
                "\(stringSetting.name) can't be used. \(statement)",
                advice: "Copy the whole connection string from the storage account's access keys."
            )
        }
        guard given.count == 1 else { return nil }
        if let connectionString {
            return .connectionString(connectionString)
        }
        if let accountURL {
            return .account(accountURL, sharedAccessSignature: signature)
        }
        return directory.map { .directory($0) }
    }

    private static func list(_ settings: [Setting], _ conjunction: String) -> String {
        let names = settings.map(\.name)
        return names.count < 2
            ? names.joined()
            : "\(names.dropLast().joined(separator: ", ")) \(conjunction) \(names[names.count - 1])"
    }
}
