import AzureBlob

extension SettingsLoader {
    /// Reads what names an identity, whether it is used or not: secrets are secrets in any case.
    mutating func loadIdentitySettings() -> IdentitySettings {
        typealias Catalogue = SettingCatalogue
        return IdentitySettings(
            clientID: reader.value(of: Catalogue.clientID),
            tenantID: reader.value(of: Catalogue.tenantID),
            clientSecret: secrets.add(reader.value(of: Catalogue.clientSecret))?.exposed,
            federatedTokenFile: reader.value(of: Catalogue.federatedTokenFile),
            authority: reader.value(of: Catalogue.authorityHost),
            identityEndpoint: reader.value(of: Catalogue.identityEndpoint),
            identityHeader: secrets.add(reader.value(of: Catalogue.identityHeader))?.exposed,
            allowed: reader.value(of: Catalogue.tokenCredentials) ?? IdentityMethod.allCases
        )
    }

    /// Chooses the credential of an account that is given by its URL alone.
    /// - Returns: `nil` only where there is a problem.
    mutating func loadIdentity(_ identity: IdentitySettings, for endpoint: StorageEndpoint) -> Settings.Storage.Place? {
        guard endpoint.scheme == .https || endpoint.isLoopback else {
            reader.report(
                SettingCatalogue.accountURL.setting,
                "AZURE_STORAGE_ACCOUNT_URL is http, and no token of an identity goes to \(endpoint.authority) that way.",
                advice: "Use https."
            )
            return nil
        }
        // A setting that is not usable was meant to be used.
        if SettingCatalogue.identity.contains(where: reader.hasProblem) { return nil }
        switch IdentityChoice(identity, storageHost: endpoint.authority) {
        case .chosen(let source, let passedOver):
            return .identity(endpoint, source, passedOver: passedOver)
        case .incomplete(let method, let missing, let given):
            let setting = SettingCatalogue.identity.first { $0.name == missing } ?? SettingCatalogue.clientID.setting
            reader.report(
                setting,
                "\(missing) is not set, but \(given) is.",
                advice: Self.advice(on: method, missing: missing, given: given)
            )
        case .none(let passedOver):
            reader.report(
                SettingCatalogue.tokenCredentials.setting,
                "There is no credential for AZURE_STORAGE_ACCOUNT_URL: \(passedOver.text).",
                advice: "Set up one of them, or set AZURE_STORAGE_SAS_TOKEN."
            )
        }
        return nil
    }

    private static func advice(on method: IdentityMethod, missing: String, given: String) -> String {
        switch (method, missing) {
        case (.workloadIdentity, "AZURE_CLIENT_ID"):
            "Annotate the service account with azure.workload.identity/client-id, or set it."
        case (.appService, _):
            "App Service and Container Apps set both; remove \(given) elsewhere."
        default:
            "Set it, or remove \(given)."
        }
    }
}
