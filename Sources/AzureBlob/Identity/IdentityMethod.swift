/// The ways to an access token, in the order in which they are tried.
package enum IdentityMethod: String, Sendable, CaseIterable {
    case clientSecret = "client secret"
    case workloadIdentity = "workload identity"
    case appService = "App Service identity"
    case instanceMetadata = "instance metadata"

    /// Those that a value of `AZURE_TOKEN_CREDENTIALS` allows, in any case, as in the Azure SDKs.
    /// - Returns: `nil` for a value that names none of them, such as the credentials of a developer's machine.
    package static func allowed(by text: String) -> [IdentityMethod]? {
        switch text.lowercased() {
        case "prod": allCases
        case "environmentcredential": [.clientSecret]
        case "workloadidentitycredential": [.workloadIdentity]
        case "managedidentitycredential": [.appService, .instanceMetadata]
        default: nil
        }
    }
}
