import AzureBlob
import Testing

@testable import PollMeshInbox

@Suite struct SettingsChecksTests {
    static let credentials = ["MESH_PASSWORD": "password", "MESH_SHARED_KEY": "TestKey"]
    static let remote = ["MESH_BASE_URL": "https://mesh.example", "MESH_MAILBOX_ID": "Y00"]
    static let string = "AZURE_STORAGE_CONNECTION_STRING"
    static let url = "AZURE_STORAGE_ACCOUNT_URL"
    static let signature = "AZURE_STORAGE_SAS_TOKEN"

    private func load(_ parts: [String: String]...) -> SettingsReport {
        SettingsFixture(parts.reduce(into: [:]) { $0.merge($1) { _, new in new } }).load()
    }

    private func isHMAC(_ report: SettingsReport) -> Bool? {
        report.settings.map { settings in
            if case .hmac = settings.mesh.authentication { true } else { false }
        }
    }

    // MARK: Storage

    @Test func messagesNeedAPlace() {
        let report = load(["STORAGE_DIRECTORY": ""])
        #expect(report.problemNames == [Self.string])
        #expect(report.text.contains(Self.url))
        #expect(report.text.contains("STORAGE_DIRECTORY"))
    }

    @Test(arguments: [
        [Self.string: "UseDevelopmentStorage=true"], [Self.url: "https://a.example"],
        [Self.url: "https://a.example", Self.string: "UseDevelopmentStorage=true"],
        [Self.url: "https://a.example", Self.string: "UseDevelopmentStorage=true", "STORAGE_DIRECTORY": ""],
    ])
    func messagesGoToOnePlaceOnly(environment: [String: String]) {
        let report = load(environment)
        #expect(report.problems.count == 1)
        #expect(report.text.contains("messages go to one place"))
        for name in environment.keys where environment[name] != "" {
            #expect(report.text.contains(name))
        }
    }

    @Test func anUnusablePlaceIsNotAlsoAMissingOne() {
        #expect(load(["STORAGE_DIRECTORY": "", Self.url: "x", Self.signature: "sig=s"]).problemNames == [Self.url])
    }

    @Test func aSignatureWithoutItsAccountIsAWarning() {
        #expect(load(["AZURE_STORAGE_SAS_TOKEN": "sv=1&sig=s"]).warningNames.contains("AZURE_STORAGE_SAS_TOKEN"))
    }

    @Test func aSignatureGoesToNoOtherMachineUnencrypted() {
        let empty = ["STORAGE_DIRECTORY": "", Self.signature: "sv=1&sig=s"]
        #expect(load(empty, [Self.url: "http://a.example"]).problemNames == [Self.url])
        #expect(load(empty, [Self.url: "http://127.0.0.1:10000/devstoreaccount1"]).problems.isEmpty)
        let string = "BlobEndpoint=http://a.example;SharedAccessSignature=sv=1&sig=s"
        #expect(load(["STORAGE_DIRECTORY": "", Self.string: string]).problemNames == [Self.string])
    }

    @Test func whatIsWrongWithAnAccountIsSaidTogetherWithTheRest() {
        let report = load([
            "STORAGE_DIRECTORY": "", Self.url: "https://a.dfs.core.windows.net", Self.signature: "sv=1",
            "AZURE_STORAGE_CONTAINER_NAME": "a--b", "STATE_CONTAINER_NAME": "A", "CONCURRENCY": "x",
        ])
        #expect(
            report.problemNames == [
                Self.url, Self.signature, "AZURE_STORAGE_CONTAINER_NAME", "STATE_CONTAINER_NAME", "CONCURRENCY",
            ]
        )
        #expect(report.text.contains("give the Blob endpoint (.blob.)"))
        #expect(report.text.contains("has no signature"))
    }

    @Test func aConnectionStringSaysWhatItLacksAndShowsNothing() {
        let report = load([Self.string: "AccountKey=c2VjcmV0", "STORAGE_DIRECTORY": ""])
        #expect(report.problemNames == [Self.string])
        #expect(report.text.contains("neither AccountName nor BlobEndpoint"))
        #expect(!report.text.contains("c2VjcmV0"))
        #expect(report.settings == nil)
    }

    // MARK: Authentication

    @Test func bothSecretsSignRequests() {
        #expect(isHMAC(load(Self.remote, Self.credentials)) == true)
        #expect(isHMAC(load(Self.remote, Self.credentials, ["MESH_AUTHENTICATION": "HMAC"])) == true)
        #expect(load(Self.remote, Self.credentials).warnings.isEmpty)
    }

    @Test(arguments: [("MESH_PASSWORD", "MESH_SHARED_KEY"), ("MESH_SHARED_KEY", "MESH_PASSWORD")], [false, true])
    func oneSecretNeedsTheOther(names: (given: String, missing: String), isModeGiven: Bool) {
        let report = load([names.given: "x", "MESH_AUTHENTICATION": isModeGiven ? "hmac" : ""])
        #expect(report.problemNames == [names.missing])
        #expect(report.text.contains("\(names.missing) is not set, but \(names.given) is"))
    }

    @Test func hmacNeedsBothSecrets() {
        #expect(load(["MESH_AUTHENTICATION": "hmac"]).problemNames == ["MESH_PASSWORD", "MESH_SHARED_KEY"])
    }

    @Test(arguments: [
        "https://localhost:8700", "http://LOCALHOST", "https://mesh.localhost", "http://127.0.0.1",
        "http://127.9.9.9:1",
        "https://[::1]", "https://[0:0:0:0:0:0:0:1]", "https://[::ffff:127.0.0.1]",
    ])
    func withoutSecretsALoopbackHostIsAskedWithoutAuthorizationWithAWarning(url: String) {
        let report = load(["MESH_BASE_URL": url])
        #expect(isHMAC(report) == false)
        #expect(report.warningNames == ["MESH_AUTHENTICATION"])
    }

    @Test(arguments: [
        "https://mesh.example", "http://mesh-sandbox:8700", "https://128.0.0.1", "https://[::2]",
        "https://[::ffff:1.2.3.4]",
        "https://localhost.example", "https://notlocalhost", "https://127.0.0.1.example",
    ])
    func withoutSecretsAnyOtherHostIsAProblem(url: String) {
        let report = load(Self.remote, ["MESH_BASE_URL": url])
        #expect(report.problemNames == ["MESH_PASSWORD"])
        #expect(report.text.contains("MESH_SHARED_KEY"))
        #expect(report.text.contains("MESH_AUTHENTICATION=none"))
    }

    @Test func noneIsTakenAtItsWord() {
        let report = load(Self.remote, ["MESH_AUTHENTICATION": "none"])
        #expect(isHMAC(report) == false)
        #expect(report.warnings.isEmpty)
    }

    @Test func secretsThatAreNotUsedAreAWarning() {
        let report = load(Self.remote, Self.credentials, ["MESH_AUTHENTICATION": "none"])
        #expect(isHMAC(report) == false)
        #expect(report.warningNames == ["MESH_AUTHENTICATION"])
    }

    // MARK: MESH

    @Test func theSandboxesMailboxIsAWarningElsewhereUnlessItIsMeant() {
        let url = ["MESH_BASE_URL": "https://mesh.example"]
        #expect(load(url, Self.credentials).warningNames == ["MESH_MAILBOX_ID"])
        #expect(load(url, Self.credentials, ["MESH_MAILBOX_ID": "X26ABC1"]).warnings.isEmpty)
        #expect(load(Self.credentials).warnings.isEmpty)
    }

    @Test func unencryptedMESHIsAWarningUnlessItIsLocal() {
        let report = load(Self.remote, Self.credentials, ["MESH_BASE_URL": "http://mesh.example"])
        #expect(report.warningNames == ["MESH_BASE_URL"])
        #expect(load(Self.credentials, ["MESH_BASE_URL": "http://localhost"]).warnings.isEmpty)
    }

    @Test func certificateAndKeyGoTogether() {
        #expect(load(["MESH_CLIENT_CERTIFICATE": PEM.certificate]).problemNames == ["MESH_CLIENT_KEY"])
        #expect(load(["MESH_CLIENT_KEY": PEM.key]).problemNames == ["MESH_CLIENT_CERTIFICATE"])
        let both = ["MESH_CLIENT_CERTIFICATE": PEM.certificate, "MESH_CLIENT_KEY": PEM.key]
        #expect(load(both).settings?.mesh.client != nil)
        #expect(load(["MESH_CLIENT_KEY_PASSWORD": "x"]).problemNames == ["MESH_CLIENT_KEY"])
    }

    @Test func anEncryptedKeyNeedsItsPassword() {
        let pair = ["MESH_CLIENT_CERTIFICATE": PEM.certificate, "MESH_CLIENT_KEY": PEM.encryptedKey]
        #expect(load(pair).problemNames == ["MESH_CLIENT_KEY_PASSWORD"])
        #expect(load(pair, ["MESH_CLIENT_KEY_PASSWORD": "kp"]).problems.isEmpty)
    }

    // MARK: Run

    @Test func theFirstDelayIsNoLongerThanTheLongest() {
        #expect(load(["RETRY_BASE_DELAY": "30s"]).problems.isEmpty)
        let report = load(["RETRY_BASE_DELAY": "31s"])
        #expect(report.problemNames == ["RETRY_BASE_DELAY"])
        #expect(report.text.contains("31s"))
        #expect(load(["RETRY_MAX_DELAY": "100ms"]).problemNames == ["RETRY_BASE_DELAY"])
        #expect(load(["RETRY_BASE_DELAY": "31s", "RETRY_MAX_DELAY": "x"]).problemNames == ["RETRY_MAX_DELAY"])
    }

    @Test func theJournalHasAContainerOfItsOwnIfSaid() {
        let settings = load(["AZURE_STORAGE_CONTAINER_NAME": "abc"]).settings
        #expect(settings?.storage.stateContainerName.text == "abc")
    }

    // MARK: Time zone

    @Test(arguments: [
        "UTC", "Etc/UTC", "GMT", "UTC0", "GMT0BST,M3.5.0/1,M10.5.0", "EST5EDT", "EST5EDT,M3.2.0,M11.1.0", "<-03>3",
        "<+0530>-5:30",
        "XYZ-24:59:59",
        "IST-1GMT0,M10.5.0,M3.5.0/1", "AAA1BBB,J60/2,J300/-2:30", "AAA1BBB,0,365", "EET-2EEST,M3.5.0/3,M10.5.0/167",
    ])
    func rulesOfATimeZoneAndNamesOfUTCAreTaken(zone: String) {
        #expect(load(["TZ": zone]).settings?.process.timeZone == zone)
    }

    @Test(arguments: [
        "Europe/London", "BST", "GM0", "GMT25", "GMT0BST,M13.5.0,M10.5.0", "GMT0BST,M3.6.0,M10.5.0",
        "GMT0BST,M3.5.7,M10.5.0", "GMT0BST,M3.5.0", "GMT0BST,M3.5.0,M10.5.0,", "GMT0BST,J0,J1", "GMT0BST,J366,J1",
        "GMT0BST,M3.5.0/168,M10.5.0", "<+01-1", "<>0", "GMT0 ", "GMT0:60", "../etc/passwd", ":", "0",
    ])
    func aTimeZoneThatLibcWouldTakeForUTCIsAProblem(zone: String) {
        let report = load(["TZ": zone])
        #expect(report.problemNames == ["TZ"])
        #expect(report.text.contains("GMT0BST,M3.5.0/1,M10.5.0"))
    }

    @Test func aNameOfATimeZoneIsTakenWhereItIsInstalled() {
        let zone = "TZif2 and so on"
        let files = [
            "/usr/share/zoneinfo/Europe/London": zone, "/zones/Europe/London": zone, "/etc/localtime": zone,
            "/usr/share/zoneinfo/tzdata.zi": "# version",
        ]
        func problems(_ environment: [String: String]) -> [String] {
            SettingsFixture(environment, files: files).load().problemNames
        }
        #expect(problems(["TZ": "Europe/London"]).isEmpty)
        #expect(problems(["TZ": ":Europe/London"]).isEmpty)
        #expect(problems(["TZ": "Europe/London", "TZDIR": "/zones"]).isEmpty)
        #expect(problems(["TZ": "/etc/localtime"]).isEmpty)
        #expect(problems(["TZ": "Europe/London", "TZDIR": "/empty"]) == ["TZ"])
        #expect(problems(["TZ": "tzdata.zi"]) == ["TZ"])
    }
}
