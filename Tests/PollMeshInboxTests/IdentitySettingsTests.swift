import AzureBlob
import Testing

@testable import PollMeshInbox

/// An account that is given by its URL alone is used as an identity.
@Suite struct IdentitySettingsTests {
    private static let account = [
        "STORAGE_DIRECTORY": "", "MESH_AUTHENTICATION": "none",
        "AZURE_STORAGE_ACCOUNT_URL": "https://a.blob.core.windows.net",
    ]
    /// What AKS puts into a pod.
    private static let workload = [
        "AZURE_CLIENT_ID": "client", "AZURE_TENANT_ID": "tenant", "AZURE_FEDERATED_TOKEN_FILE": "/token",
        "AZURE_AUTHORITY_HOST": "https://login.microsoftonline.com/",
    ]

    private func load(_ changes: [String: String]) -> SettingsReport {
        SettingsFixture(Self.account.merging(changes) { _, new in new }).load()
    }

    private func method(_ report: SettingsReport) -> IdentityMethod? {
        guard case .identity(_, let source, _) = report.settings?.storage.place else { return nil }
        return source.method
    }

    @Test func whatThePodHasIsUsed() {
        #expect(method(load(Self.workload)) == .workloadIdentity)
        let secret = Self.workload.merging(["AZURE_CLIENT_SECRET": "secret"]) { _, new in new }
        #expect(method(load(secret)) == .clientSecret)
        let endpoint = ["IDENTITY_ENDPOINT": "http://localhost:42356/msi/token", "IDENTITY_HEADER": "header"]
        #expect(method(load(endpoint)) == .appService)
        #expect(method(load([:])) == .instanceMetadata)
        let named = secret.merging(["AZURE_TOKEN_CREDENTIALS": "ManagedIdentityCredential"]) { _, new in new }
        #expect(method(load(named)) == .instanceMetadata)
    }

    @Test func aSignatureComesBeforeAnIdentity() {
        let report = load(Self.workload.merging(["AZURE_STORAGE_SAS_TOKEN": "sv=1&sig=s"]) { _, new in new })
        guard case .account(_, .sharedAccessSignature) = report.settings?.storage.place else {
            Issue.record("\(report.problems)")
            return
        }
        #expect(report.warnings.isEmpty)
    }

    @Test func anIdentityBesideAnotherPlaceIsNotUsed() {
        let report = load(
            Self.workload.merging(["STORAGE_DIRECTORY": "/store", "AZURE_STORAGE_ACCOUNT_URL": ""]) { _, new in new }
        )
        #expect(report.settings != nil)
        #expect(report.warnings.isEmpty)
    }

    @Test(arguments: [
        (["AZURE_CLIENT_ID": ""], "AZURE_CLIENT_ID", "azure.workload.identity/client-id"),
        (["AZURE_TENANT_ID": ""], "AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE"),
        (["AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential"], "AZURE_TOKEN_CREDENTIALS", "AZURE_CLIENT_SECRET"),
        (
            ["AZURE_FEDERATED_TOKEN_FILE": "", "IDENTITY_ENDPOINT": "http://localhost/msi"], "IDENTITY_HEADER",
            "IDENTITY_ENDPOINT"
        ),
        (
            ["AZURE_STORAGE_ACCOUNT_URL": "http://a.blob.core.windows.net"], "AZURE_STORAGE_ACCOUNT_URL",
            "no token of an identity goes to a.blob.core.windows.net"
        ),
    ])
    func whatIsMissingIsNamed(changes: [String: String], setting: String, words: String) {
        let report = load(Self.workload.merging(changes) { _, new in new })
        #expect(report.problemNames == [setting])
        #expect(report.text.contains(words), "\(report.text)")
    }

    @Test(arguments: ["http://127.0.0.1:10000/devstoreaccount1", "http://localhost:10000/devstoreaccount1"])
    func aTokenMayGoToThisMachineOverHTTP(url: String) {
        let report = load(Self.workload.merging(["AZURE_STORAGE_ACCOUNT_URL": url]) { _, new in new })
        #expect(method(report) == .workloadIdentity)
        #expect(report.warnings.isEmpty)
    }

    @Test func whatIsNotUsableIsNoReasonToLookFurther() {
        let report = load(["AZURE_CLIENT_SECRET": "a\u{1}"])
        #expect(report.problemNames == ["AZURE_CLIENT_SECRET"])
    }
}
