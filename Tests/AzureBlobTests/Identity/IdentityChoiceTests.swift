import Testing
import Transfer

@testable import AzureBlob

/// Which credential is used, and why those before it are not.
@Suite struct IdentityChoiceTests {
    private static let whole = IdentitySettings(
        clientID: "client",
        tenantID: "tenant",
        clientSecret: "secret",
        federatedTokenFile: "/token",
        identityEndpoint: ServiceURL("http://localhost:42356/msi/token"),
        identityHeader: "header"
    )

    private static func choice(_ change: (inout IdentitySettings) -> Void) -> IdentityChoice {
        var settings = whole
        change(&settings)
        return IdentityChoice(settings, storageHost: "account.blob.core.windows.net")
    }

    @Test func theOrderIsThatOfTheMethods() throws {
        let removals: [(inout IdentitySettings) -> Void] = [
            { _ in }, { $0.clientSecret = nil }, { $0.federatedTokenFile = nil }, { $0.identityEndpoint = nil },
        ]
        for (count, method) in IdentityMethod.allCases.enumerated() {
            let choice = Self.choice { settings in
                for removal in removals[...count] { removal(&settings) }
            }
            guard case .chosen(let source, let passedOver) = choice else {
                Issue.record("\(choice)")
                continue
            }
            #expect(source.method == method)
            #expect(passedOver.map(\.method) == Array(IdentityMethod.allCases[..<count]))
            #expect(passedOver.allSatisfy { $0.reason.hasSuffix(" is not set") })
        }
    }

    @Test(arguments: [
        ("prod", IdentityMethod.allCases), ("PROD", IdentityMethod.allCases),
        ("EnvironmentCredential", [.clientSecret]), ("workloadidentitycredential", [.workloadIdentity]),
        ("ManagedIdentityCredential", [.appService, .instanceMetadata]),
    ])
    func someCredentialsCanBeNamed(text: String, methods: [IdentityMethod]) {
        #expect(IdentityMethod.allowed(by: text) == methods)
        let choice = Self.choice { $0.allowed = IdentityMethod.allowed(by: text) ?? [] }
        guard case .chosen(let source, _) = choice else {
            Issue.record("\(choice)")
            return
        }
        #expect(source.method == methods.first)
    }

    @Test(arguments: ["dev", "AzureCliCredential", "VisualStudioCredential", "", "all"])
    func thoseOfADeveloperAreNone(text: String) {
        #expect(IdentityMethod.allowed(by: text) == nil)
    }

    @Test func whatIsSetUpInPartIsNotPassedOver() {
        let cases: [((inout IdentitySettings) -> Void, IdentityMethod, String, String)] = [
            ({ $0.tenantID = nil }, .clientSecret, "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET"),
            ({ $0.clientID = nil }, .clientSecret, "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"),
            (
                {
                    $0.clientSecret = nil
                    $0.clientID = nil
                }, .workloadIdentity, "AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE"
            ),
            (
                {
                    $0.allowed = [.appService, .instanceMetadata]
                    $0.identityHeader = nil
                }, .appService, "IDENTITY_HEADER", "IDENTITY_ENDPOINT"
            ),
        ]
        for (change, method, missing, given) in cases {
            let choice = Self.choice(change)
            guard case .incomplete(let actual, let actualMissing, let actualGiven) = choice else {
                Issue.record("\(choice)")
                continue
            }
            #expect((actual, actualMissing, actualGiven) == (method, missing, given))
        }
    }

    @Test func whatIsNamedAndNotSetUpIsNone() {
        let choice = Self.choice {
            $0.allowed = [.workloadIdentity]
            $0.federatedTokenFile = nil
        }
        guard case .none(let passedOver) = choice else {
            Issue.record("\(choice)")
            return
        }
        #expect(passedOver.text.contains("workload identity (AZURE_FEDERATED_TOKEN_FILE is not set)"))
        #expect(passedOver.text.contains("client secret (AZURE_TOKEN_CREDENTIALS leaves it out)"))
    }

    @Test(arguments: [
        ("account.blob.core.windows.net", "https://login.microsoftonline.com"),
        ("account.blob.core.usgovcloudapi.net:443", "https://login.microsoftonline.us"),
        ("account.blob.core.chinacloudapi.cn", "https://login.chinacloudapi.cn"),
        ("storage.internal.example", "https://login.microsoftonline.com"),
        ("core.chinacloudapi.cn.example", "https://login.microsoftonline.com"),
    ])
    func eachCloudHasItsAuthority(host: String, authority: String) {
        #expect(Cloud(storageHost: host).authority.description == authority)
        guard case .chosen(let source, _) = IdentityChoice(Self.whole, storageHost: host) else { return }
        #expect(source.endpoint.description == authority)
    }

    @Test func theSettingsAuthorityWins() {
        let choice = Self.choice { $0.authority = ServiceURL("https://login.example") }
        guard case .chosen(let source, _) = choice else { return }
        #expect(source.endpoint.description == "https://login.example")
    }
}
