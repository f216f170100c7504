import AzureBlob

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

    private mutating func loadPlace() -> Settings.Storage.Place? {
        let urlSetting = SettingCatalogue.accountURL.setting
        let connection = loadConnectionString()
        let accountURL = reader.value(of: SettingCatalogue.accountURL)
        let signature = loadSignature()
        let identity = loadIdentitySettings()
        let directory = reader.value(of: SettingCatalogue.storageDirectory)
        let settings = [
            SettingCatalogue.connectionString.setting, urlSetting, SettingCatalogue.storageDirectory.setting,
        ]
        let given = settings.filter(reader.isGiven)
        if given.isEmpty {
            reader.report(
                settings[0],
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
        checkSignature(beside: given)
        let usesSignature = reader.isGiven(SettingCatalogue.sasToken.setting)
        if usesSignature, let accountURL { checkEncryption(of: accountURL, urlSetting) }
        if let connection, case .sharedAccessSignature = connection.credential {
            checkEncryption(of: connection.endpoint, SettingCatalogue.connectionString.setting)
        }
        guard given.count == 1 else { return nil }
        if let connection {
            return .account(connection.endpoint, connection.credential)
        }
        if let accountURL, let signature {
            return .account(accountURL, .sharedAccessSignature(signature))
        }
        if let accountURL, !usesSignature {
            return loadIdentity(identity, for: accountURL)
        }
        return directory.map { .directory($0) }
    }

    /// A SAS is all that it takes to read and write: whoever sees one on its way has it.
    private mutating func checkEncryption(of endpoint: StorageEndpoint, _ setting: Setting) {
        guard endpoint.scheme == .http, !endpoint.isLoopback else { return }
        reader.report(
            setting,
            "\(setting.name) is http, and no SAS goes to \(endpoint.authority) that way.",
            advice: "Use https."
        )
    }

    private mutating func loadConnectionString() -> ConnectionString? {
        guard let text = secrets.addConnectionString(reader.value(of: SettingCatalogue.connectionString)) else {
            return nil
        }
        do throws(StorageSettingsError) {
            return try ConnectionString(text.exposed)
        } catch {
            reader.refuse(SettingCatalogue.connectionString.setting, because: error.message)
            return nil
        }
    }

    private mutating func loadSignature() -> SharedAccessSignature? {
        guard let text = secrets.addSignature(reader.value(of: SettingCatalogue.sasToken)) else { return nil }
        do throws(StorageSettingsError) {
            return try SharedAccessSignature(text.exposed)
        } catch {
            reader.refuse(SettingCatalogue.sasToken.setting, because: error.message)
            return nil
        }
    }

    /// A signature is of no use without the URL of its account.
    /// - Parameter given: the settings of places that are given.
    private mutating func checkSignature(beside given: [Setting]) {
        let setting = SettingCatalogue.sasToken.setting
        let isURLGiven = reader.isGiven(SettingCatalogue.accountURL.setting)
        if reader.isGiven(setting), !isURLGiven, let place = given.first {
            reader.warn(
                setting.name,
                "AZURE_STORAGE_SAS_TOKEN is not used: it goes with AZURE_STORAGE_ACCOUNT_URL, which is not set.",
                advice: "Set AZURE_STORAGE_ACCOUNT_URL instead of \(place.name), or remove the token."
            )
        }
    }

    private static func list(_ settings: [Setting], _ conjunction: String) -> String {
        let names = settings.map(\.name)
        return names.count < 2
            ? names.joined()
            : "\(names.dropLast().joined(separator: ", ")) \(conjunction) \(names[names.count - 1])"
    }
}
