import AzureBlob
import Transfer

extension SettingCatalogue {
    static let clientID = OptionalSetting(
        "AZURE_CLIENT_ID",
        .directoryName("the id of an application or of a managed identity"),
        meaning: "The client id of the identity that AZURE_STORAGE_ACCOUNT_URL is used with, where no token is set."
    )
    static let tenantID = OptionalSetting(
        "AZURE_TENANT_ID",
        .directoryName("the id or the domain of a tenant"),
        meaning: "The identity's tenant, for a client secret and for workload identity."
    )
    static let clientSecret = OptionalSetting(
        "AZURE_CLIENT_SECRET",
        .secret(),
        isSecret: true,
        meaning: "A secret of the application AZURE_CLIENT_ID. Goes with AZURE_TENANT_ID."
    )
    static let federatedTokenFile = OptionalSetting(
        "AZURE_FEDERATED_TOKEN_FILE",
        .text("the path of a file"),
        meaning: "The token that the cluster projects for workload identity, read anew for each request. AKS sets it."
    )
    static let authorityHost = OptionalSetting(
        "AZURE_AUTHORITY_HOST",
        .authorityHost,
        inPlace: "that of the account's cloud, such as https://login.microsoftonline.com",
        meaning: "Where the identity's tokens are issued."
    )
    static let identityEndpoint = OptionalSetting(
        "IDENTITY_ENDPOINT",
        .serviceURL,
        meaning: "Where App Service and Container Apps give out tokens; they set it, and IDENTITY_HEADER."
    )
    static let identityHeader = OptionalSetting(
        "IDENTITY_HEADER",
        .secret(),
        isSecret: true,
        meaning: "What IDENTITY_ENDPOINT wants to see."
    )
    static let tokenCredentials = OptionalSetting(
        "AZURE_TOKEN_CREDENTIALS",
        .tokenCredentials,
        inPlace: "prod",
        meaning:
            """
            Which credentials are looked for: prod is a client secret, workload identity, App Service, and instance \
            metadata, in this order; or one of them by its name in the Azure SDKs.
            """
    )

    static let identity: [Setting] = [
        clientID.setting, tenantID.setting, clientSecret.setting, federatedTokenFile.setting, authorityHost.setting,
        identityEndpoint.setting, identityHeader.setting, tokenCredentials.setting,
    ]
}

extension SettingForm where Value == String {
    /// What stands in the path of a token endpoint, and as `client_id`.
    fileprivate static func directoryName(_ what: String) -> SettingForm {
        SettingForm("\(what): letters, digits, . and -") { text in
            let isName = text.utf8.allSatisfy { byte in
                PercentEncoding.isLetterOrDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            }
            return isName && (1...253).contains(text.utf8.count) && !text.hasPrefix(".") ? text : nil
        }
    }
}

extension SettingForm where Value == ServiceURL {
    /// Secrets are sent there, so that it is https, or this machine. The SDKs take a bare host, too.
    fileprivate static var authorityHost: SettingForm {
        SettingForm("an https URL without a user, query or fragment") { text in
            guard let url = ServiceURL(text.contains("://") ? text : "https://\(text)") else { return nil }
            return url.isSecure || url.isLoopback ? url : nil
        }
    }
}

extension SettingForm where Value == [IdentityMethod] {
    fileprivate static var tokenCredentials: SettingForm {
        SettingForm(
            "prod, EnvironmentCredential, WorkloadIdentityCredential or ManagedIdentityCredential",
            value: IdentityMethod.allowed(by:)
        )
    }
}
