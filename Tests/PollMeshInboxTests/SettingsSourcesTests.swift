import AzureBlob
import Logging
import Testing
import Transfer

@testable import PollMeshInbox

@Suite struct SettingsSourcesTests {
    static let folder = "/var/run/secrets/poll-mesh-inbox"

    private func concurrency(_ environment: [String: String], _ files: [String: String] = [:]) -> Int? {
        SettingsFixture(environment, files: files).load().settings?.transfer.concurrency
    }

    @Test func theEnvironmentComesBeforeTheNamedFileBeforeTheFolderOfSecretsBeforeTheDefault() {
        let files = ["/named": "2", "\(Self.folder)/CONCURRENCY": "3"]
        #expect(concurrency(["CONCURRENCY": "1"], files) == 1)
        #expect(concurrency(["CONCURRENCY_FILE": "/named"], files) == 2)
        #expect(concurrency([:], files) == 3)
        #expect(concurrency([:]) == 16)
    }

    @Test func anotherFolderOfSecretsCanBeNamed() {
        var fixture = SettingsFixture(["SECRETS_DIRECTORY": "/mine"], files: ["/mine/CONCURRENCY": "4"])
        fixture.files["/mine"] = .folder
        #expect(fixture.load().settings?.transfer.concurrency == 4)
    }

    @Test(arguments: [FileContent.missing, .bytes([]), .unreadable("permission denied")])
    func aNamedFolderOfSecretsHasToBeThere(content: FileContent) {
        var fixture = SettingsFixture(["SECRETS_DIRECTORY": "/mine"])
        fixture.files["/mine"] = content
        let report = fixture.load()
        #expect(report.problemNames == ["SECRETS_DIRECTORY"])
        #expect(report.text.contains("/mine"))
    }

    @Test(arguments: [("7", 7), ("7\n", 7), ("7\r\n", 7), ("7\n\n", nil), ("7\r", nil), ("\n7", nil), (" 7", nil)])
    func oneNewlineAtTheEndOfAFileIsDropped(content: String, expected: Int?) {
        #expect(concurrency(["CONCURRENCY_FILE": "/f"], ["/f": content]) == expected)
    }

    @Test func emptyTextCountsAsUnsetEverywhere() {
        let files = ["/f": "2", "\(Self.folder)/CONCURRENCY": ""]
        #expect(concurrency(["CONCURRENCY": "", "CONCURRENCY_FILE": "/f"], files) == 2)
        #expect(concurrency(["CONCURRENCY": "", "CONCURRENCY_FILE": ""], files) == 16)
        let report = SettingsFixture(["CONCURRENCY_FILE": "/empty"], files: ["/empty": "\n"]).load()
        #expect(report.settings?.transfer.concurrency == 16)
        #expect(report.warningNames.contains("CONCURRENCY"))
        #expect(report.text.contains("/empty"))
    }

    @Test func aSettingAndItsFileTogetherAreAProblem() {
        let report = SettingsFixture(["CONCURRENCY": "1", "CONCURRENCY_FILE": "/f"], files: ["/f": "1"]).load()
        #expect(report.problemNames == ["CONCURRENCY"])
        #expect(report.text.contains("CONCURRENCY and CONCURRENCY_FILE are both set"))
    }

    @Test(arguments: [FileContent.missing, .folder, .unreadable("permission denied"), .bytes([0x66, 0xff])])
    func aNamedFileThatGivesNoTextIsAProblemThatNamesIt(content: FileContent) {
        var fixture = SettingsFixture(["MESH_PASSWORD_FILE": "/run/word", "MESH_SHARED_KEY": "TestKey"])
        fixture.files["/run/word"] = content
        let report = fixture.load()
        #expect(report.problemNames == ["MESH_PASSWORD"])
        #expect(report.text.contains(#""/run/word""#))
        #expect(!report.text.contains("is not set"))
    }

    @Test func aFileInTheFolderOfSecretsThatCantBeReadIsAProblem() {
        var fixture = SettingsFixture()
        fixture.files["\(Self.folder)/MESH_PASSWORD"] = .unreadable("permission denied")
        let report = fixture.load()
        #expect(report.problemNames.contains("MESH_PASSWORD"))
        #expect(report.text.contains("permission denied"))
    }

    @Test func aBadValueFromAFileNamesTheFile() {
        let report = SettingsFixture(["CONCURRENCY_FILE": "/f"], files: ["/f": "abc\n"]).load()
        #expect(report.text.contains(#"but is "abc" (in the file "/f")"#))
    }

    @Test func aVariableThatIsNotUTF8IsAProblem() {
        var fixture = SettingsFixture(["MESH_SHARED_KEY": "TestKey"])
        fixture.undecodable = ["MESH_PASSWORD", "LS_COLORS"]
        let report = fixture.load()
        #expect(report.problemNames == ["MESH_PASSWORD"])
        #expect(report.text.contains("not UTF-8"))
    }

    @Test func allProblemsAreReportedTogetherInTheOrderOfTheCatalogue() {
        let report = SettingsFixture([
            "LOG_LEVEL": "loud", "CONCURRENCY": "abc", "MESH_BASE_URL": "x", "STORAGE_DIRECTORY": "", "TZ": "nowhere",
            "BUFFER_MEMORY": "1", "MESH_PASSWORD": "p",
        ]).load()
        #expect(
            report.problemNames == [
                "MESH_BASE_URL", "MESH_SHARED_KEY", "AZURE_STORAGE_CONNECTION_STRING", "CONCURRENCY", "BUFFER_MEMORY",
                "LOG_LEVEL", "TZ",
            ]
        )
    }

    @Test func theLogIsSetUpFromWhatIsUsableEvenWhenTheRestIsNot() {
        let report = SettingsFixture(["LOG_FORMAT": "text", "CONCURRENCY": "x", "TERMINATION_MESSAGE_PATH": "/t"])
            .load()
        #expect(report.settings == nil)
        #expect(report.process.logFormat == .text)
        #expect(report.process.terminationMessage == TerminationMessage(path: "/t", createsFile: true))
    }

    @Test func theLogIsTextOnATerminalUnlessSaidOtherwise() {
        var fixture = SettingsFixture()
        #expect(fixture.load().process.logFormat == .json)
        fixture.isTerminal = true
        #expect(fixture.load().process.logFormat == .text)
        fixture.environment["LOG_FORMAT"] = "json"
        #expect(fixture.load().process.logFormat == .json)
    }

    @Test func theDefaultsAreThoseOfTheCatalogue() throws {
        let settings = try #require(SettingsFixture().load().settings)
        #expect(settings.mesh.baseURL.description == "https://localhost:8700")
        #expect(settings.mesh.mailboxID == "X26ABC1")
        #expect(settings.mesh.username == "X26ABC1")
        #expect(settings.mesh.client == nil)
        #expect(settings.storage.containerName.text == "mesh-messages")
        #expect(settings.storage.stateContainerName.text == "mesh-messages")
        #expect(settings.blobs.prefix.isEmpty)
        #expect(settings.blobs.bsoCodeSource == .messageID)
        #expect(settings.blobs.reports == .store)
        #expect(settings.blobs.invalidMessages == .skip)
        #expect(settings.transfer.bufferMemory == 32 << 20)
        #expect(settings.transfer.connectTimeout == .seconds(10))
        #expect(settings.transfer.stallTimeout == .seconds(60))
        #expect(settings.transfer.retryAttempts == 5)
        #expect(settings.transfer.retryBaseDelay == .milliseconds(200))
        #expect(settings.transfer.retryMaxDelay == .seconds(30))
        #expect(settings.transfer.runDeadline == nil)
        #expect(settings.transfer.gracePeriod == .seconds(20))
        #expect(settings.process.logLevel == .info)
        #expect(settings.process.timeZone == "UTC0")
        #expect(
            settings.process.terminationMessage == TerminationMessage(path: "/dev/termination-log", createsFile: false)
        )
    }

    @Test func everyValueArrivesWhereItBelongs() throws {
        let settings = try #require(
            SettingsFixture([
                "MESH_BASE_URL": "https://mesh.example:443/base/", "MESH_MAILBOX_ID": "Y00", "MESH_USERNAME": "u",
                "MESH_PASSWORD": "pass", "MESH_SHARED_KEY": "key", "MESH_CLIENT_CERTIFICATE": PEM.certificate,
                "MESH_CLIENT_KEY": PEM.encryptedKey, "MESH_CLIENT_KEY_PASSWORD": "kp", "MESH_WORKFLOW_FILTER": "!W*",
                "MESH_CA_CERTIFICATE": PEM.certificate, "STORAGE_DIRECTORY": "",
                "AZURE_STORAGE_ACCOUNT_URL": "https://a.example", "AZURE_STORAGE_SAS_TOKEN": "?se=2030-01-01&sig=s",
                "AZURE_STORAGE_CONTAINER_NAME": "messages", "STATE_CONTAINER_NAME": "state", "BLOB_PREFIX": "p/",
                "BSO_CODE_SOURCE": "sender", "REPORTS": "leave", "INVALID_MESSAGES": "quarantine", "CONCURRENCY": "3",
                "BUFFER_MEMORY": "16Mi", "CONNECT_TIMEOUT": "1s", "STALL_TIMEOUT": "2s", "RETRY_ATTEMPTS": "4",
                "RETRY_BASE_DELAY": "5ms", "RETRY_MAX_DELAY": "6s", "RUN_DEADLINE": "7m", "GRACE_PERIOD": "8s",
                "TZ": "EST5", "LOG_LEVEL": "debug", "HTTPS_PROXY": "http://proxy", "NO_PROXY": "n",
            ]).load().settings
        )
        #expect(settings.mesh.baseURL.description == "https://mesh.example:443/base")
        #expect(settings.mesh.mailboxID == "Y00")
        #expect(settings.mesh.username == "u")
        guard case .hmac(let password, let sharedKey) = settings.mesh.authentication else {
            Issue.record("no authentication")
            return
        }
        #expect(password.exposed == "pass")
        #expect(sharedKey.exposed == "key")
        #expect(settings.mesh.client?.certificates == PEM.certificate)
        #expect(settings.mesh.client?.key.exposed == PEM.encryptedKey)
        #expect(settings.mesh.client?.keyPassword?.exposed == "kp")
        #expect(settings.mesh.caCertificate == PEM.certificate)
        #expect(settings.mesh.workflowFilter == "!W*")
        guard case .account(let endpoint, .sharedAccessSignature(let signature)) = settings.storage.place else {
            Issue.record("no account")
            return
        }
        #expect(endpoint.scheme == .https)
        #expect(endpoint.authority == "a.example")
        #expect(signature.expiry == "2030-01-01")
        #expect(settings.storage.containerName.text == "messages")
        #expect(settings.storage.stateContainerName.text == "state")
        #expect(settings.blobs.prefix == "p/")
        #expect(settings.blobs.bsoCodeSource == .sender)
        #expect(settings.blobs.reports == .leave)
        #expect(settings.blobs.invalidMessages == .quarantine)
        #expect(settings.transfer.concurrency == 3)
        #expect(settings.transfer.bufferMemory == 16 << 20)
        #expect(settings.transfer.connectTimeout == .seconds(1))
        #expect(settings.transfer.stallTimeout == .seconds(2))
        #expect(settings.transfer.retryAttempts == 4)
        #expect(settings.transfer.retryBaseDelay == .milliseconds(5))
        #expect(settings.transfer.retryMaxDelay == .seconds(6))
        #expect(settings.transfer.runDeadline == .seconds(420))
        #expect(settings.transfer.gracePeriod == .seconds(8))
        #expect(settings.process.timeZone == "EST5")
        #expect(settings.process.logLevel == .debug)
        #expect(settings.process.httpsProxy?.exposed == "http://proxy")
        #expect(settings.process.noProxy == "n")
    }
}
