import Testing

@testable import PollMeshInbox

@Suite struct SecrecyTests {
    /// A text for each secret setting that is unlike any other text.
    static let marks: [String: String] = Dictionary(
        uniqueKeysWithValues: SettingCatalogue.all.filter(\.isSecret).enumerated().map { index, setting in
            (setting.name, "hush\(index)hush")
        }
    )

    @Test func aSecretIsNotShownByAnyUsualWay() {
        let secret = Secret("hush")
        var dumped = ""
        dump((secret, [secret], Optional(secret)), to: &dumped)
        let texts = ["\(secret)", String(reflecting: secret), "\([secret])", "\(Optional(secret) as Any)", dumped]
        for text in texts {
            #expect(!text.contains("hush"))
        }
        #expect("\(secret)" == "***")
        #expect(secret.exposed == "hush")
    }

    @Test func settingsCanBeShownWithoutTheirSecrets() throws {
        let settings = try #require(
            SettingsFixture(["MESH_PASSWORD": "hush", "MESH_SHARED_KEY": "hush", "HTTPS_PROXY": "http://u:hush@p"])
                .load()
                .settings
        )
        var dumped = ""
        dump(settings, to: &dumped)
        #expect(!dumped.contains("hush"))
        #expect(!"\(settings)".contains("hush"))
    }

    /// Bad in every way that a text can be: form, control characters, too many at once.
    @Test(arguments: ["", "\n", "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\nx\n", "?", ";AccountKey="])
    func noFindingHoldsASecret(prefix: String) {
        var environment = Self.marks.mapValues { prefix + $0 + "\n" }
        environment["AZURE_STORAGE_ACCOUNT_URL"] = "https://hush:hush@a.example/?sig=hush"
        let report = SettingsFixture(environment).load()
        #expect(!report.problems.isEmpty)
        #expect(!report.text.contains("hush"))
    }

    @Test func noFindingHoldsASecretFromAFile() {
        for (name, mark) in Self.marks {
            let report = SettingsFixture(["\(name)_FILE": "/f"], files: ["/f": "\(mark)\u{1}"]).load()
            #expect((report.problemNames + report.warningNames).contains(name))
            #expect(!report.text.contains("hush"))
        }
    }

    @Test(arguments: SettingCatalogue.all.filter(\.isSecret).map(\.name))
    func everySecretIsRegisteredWithTheRedactor(name: String) {
        let samples = [
            "MESH_CLIENT_KEY": PEM.key, "AZURE_STORAGE_SAS_TOKEN": "sv=1&sig=hush0hush",
            "HTTPS_PROXY": "http://u:hush0hush@p",
        ]
        let text = samples[name] ?? "hush0hush"
        let shown = name == "MESH_CLIENT_KEY" ? String(PEM.key.split(separator: "\n")[1]) : "hush0hush"
        let redactor = Redactor(SettingsFixture([name: text]).load().secrets)
        #expect(redactor.redact("a \(shown) b") == "a *** b")
    }

    @Test(arguments: [
        ("AZURE_STORAGE_CONNECTION_STRING", "AccountName=a;AccountKey=aHVzaGh1c2g=;EndpointSuffix=x", "aHVzaGh1c2g="),
        (
            "AZURE_STORAGE_CONNECTION_STRING",
            "BlobEndpoint=https://a.example;SharedAccessSignature=sv=1&sig=hu%2Fshhush%3D", "hu/shhush="
        ),
        ("AZURE_STORAGE_SAS_TOKEN", "?sv=1&sig=hu%2Fshhush%3D&sp=r", "hu/shhush="),
        ("AZURE_STORAGE_SAS_TOKEN", "?sv=1&sig=hu%2Fshhush%3D&sp=r", "hu%2fshhush%3d"),
        ("HTTPS_PROXY", "http://u:hush%21hush@proxy:3128", "hush!hush"),
    ])
    func partsThatAreSecretByThemselvesAreRegisteredToo(name: String, text: String, part: String) {
        let redactor = Redactor(SettingsFixture([name: text]).load().secrets)
        #expect(redactor.redact("<\(part)>") == "<***>")
    }

    @Test(arguments: ["https_proxy", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
    func passwordsOfOtherProxiesAreRegisteredToo(name: String) {
        let redactor = Redactor(SettingsFixture([name: "http://u:hushhush@proxy:3128"]).load().secrets)
        #expect(redactor.redact("<hushhush>") == "<***>")
    }
}
