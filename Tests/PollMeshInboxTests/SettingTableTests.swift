import Testing

@testable import PollMeshInbox

/// One setting with texts that are taken and texts that are not.
struct SettingExamples: Sendable, CustomTestStringConvertible {
    var name: String
    var good: [String]
    var bad: [String] = []
    /// What else has to be set for the good ones to be good.
    var with: [String: String] = [:]

    var testDescription: String { name }

    static let all = mesh + storage + identity + run + process + telemetry

    private static let urls = (
        good: [
            "https://mesh-sync.spineservices.nhs.uk", "http://localhost:8700", "HTTPS://LOCALHOST", "https://[::1]:443",
            "https://127.0.0.1/mesh/", "https://localhost/a%20b/~c",
        ],
        bad: [
            "localhost", "localhost:8700", "ftp://localhost", "https://", "https:///x", "https://user@localhost",
            "https://localhost?x=1", "https://localhost#x", "https://localhost:0", "https://localhost:65536",
            "https://localhost:", "https://localhost:+1", "https://local host", "https://[::1", "https://[::g]",
            "https://localhost/a b", "https://localhost//", "https://localhost/a//b", "https:/localhost", "://x",
            "https://localhost/é",
        ]
    )

    private static let credentials = ["MESH_PASSWORD": "password", "MESH_SHARED_KEY": "TestKey"]

    private static let mesh = [
        SettingExamples(name: "MESH_BASE_URL", good: urls.good, bad: urls.bad, with: credentials),
        SettingExamples(
            name: "MESH_MAILBOX_ID",
            good: ["X26ABC1", "x26abc1", "A", "A-B_C", String(repeating: "A", count: 64)],
            bad: ["X26 ABC1", "X26/ABC1", "X26:ABC1", "é", "..", String(repeating: "A", count: 65)]
        ),
        SettingExamples(name: "MESH_USERNAME", good: ["X26ABC1", "a.b@c"], bad: ["a:b", "a b", "é"]),
        SettingExamples(
            name: "MESH_PASSWORD",
            good: ["password", "a:b c", "pässword"],
            bad: ["pass\nword", "pass\u{0}word", "\u{7f}"],
            with: ["MESH_SHARED_KEY": "TestKey"]
        ),
        SettingExamples(
            name: "MESH_SHARED_KEY",
            good: ["TestKey"],
            bad: ["Test\r\nKey"],
            with: ["MESH_PASSWORD": "password"]
        ),
        SettingExamples(
            name: "MESH_AUTHENTICATION",
            good: ["hmac", "none", "HMAC", "None"],
            bad: ["basic", "true", "hmac "],
            with: credentials
        ),
        SettingExamples(
            name: "MESH_CLIENT_CERTIFICATE",
            good: [PEM.certificate, PEM.certificate + "\n\n" + PEM.certificate + "\n"],
            bad: ["/etc/tls/tls.crt", "x", PEM.key, String(PEM.certificate.dropLast(30)), oneLine(PEM.certificate)],
            with: ["MESH_CLIENT_KEY": PEM.key]
        ),
        SettingExamples(
            name: "MESH_CLIENT_KEY",
            good: [PEM.key, PEM.ecKey],
            bad: ["tls.key", PEM.certificate, oneLine(PEM.key), PEM.key.replacing("\n", with: "\\n")],
            with: ["MESH_CLIENT_CERTIFICATE": PEM.certificate]
        ),
        SettingExamples(
            name: "MESH_CLIENT_KEY_PASSWORD",
            good: ["kp"],
            bad: ["a\nb"],
            with: ["MESH_CLIENT_CERTIFICATE": PEM.certificate, "MESH_CLIENT_KEY": PEM.encryptedKey]
        ),
        SettingExamples(name: "MESH_CA_CERTIFICATE", good: [PEM.certificate], bad: ["/ca.pem", PEM.key]),
        SettingExamples(
            name: "MESH_WORKFLOW_FILTER",
            good: ["X", "!X", "X*", "!X*", "*X*", "!*X*", "A_B-C.D"],
            bad: ["*", "!", "**", "*X", "!*X", "X Y", "X*Y", "X!", "!!X", "X**", "é"]
        ),
    ]

    private static let storage = [
        SettingExamples(
            name: "AZURE_STORAGE_CONNECTION_STRING",
            good: [
                "UseDevelopmentStorage=true", "AccountName=acct1;AccountKey=c2VjcmV0",
                "BlobEndpoint=https://a.example;SharedAccessSignature=sv=1&sig=s",
            ],
            bad: ["a\nb", "x", "AccountName=acct1", "AccountName=acct1;AccountKey=no-base64!"],
            with: ["STORAGE_DIRECTORY": ""]
        ),
        SettingExamples(
            name: "AZURE_STORAGE_ACCOUNT_URL",
            good: urls.good + ["https://account.blob.core.windows.net/", "http://127.0.0.1:10000/devstoreaccount1"],
            bad: urls.bad + [
                "https://account.blob.core.windows.net/mesh-messages", "https://account.dfs.core.windows.net",
            ],
            with: ["STORAGE_DIRECTORY": "", "AZURE_STORAGE_SAS_TOKEN": "sv=1&sig=s"]
        ),
        SettingExamples(
            name: "AZURE_STORAGE_SAS_TOKEN",
            good: ["sv=2024-11-04&sig=abc%3D", "?sv=2024-11-04&sig=abc%3D"],
            bad: ["sv=2024-11-04", "sig=", "abc", "sv=1&sig=a b", "?", "https://a.example/?sig=abc"],
            with: ["STORAGE_DIRECTORY": "", "AZURE_STORAGE_ACCOUNT_URL": "https://account.blob.core.windows.net"]
        ),
        SettingExamples(name: "AZURE_STORAGE_CONTAINER_NAME", good: containers.good, bad: containers.bad),
        SettingExamples(name: "STATE_CONTAINER_NAME", good: containers.good, bad: containers.bad),
        SettingExamples(name: "STORAGE_DIRECTORY", good: ["/store", "./mesh-messages", "Grüße 1"], bad: ["a\nb"]),
    ]

    private static let ids = ["11111111-2222-3333-4444-555555555555", "nhs.example"]

    private static let identity = [
        SettingExamples(name: "AZURE_CLIENT_ID", good: ids, bad: ["a b", "a/b", "é", "a&b"]),
        SettingExamples(name: "AZURE_TENANT_ID", good: ids, bad: ["a b", "../a", "é", ".."]),
        SettingExamples(name: "AZURE_CLIENT_SECRET", good: ["abc~.d e"], bad: ["a\nb"]),
        SettingExamples(name: "AZURE_FEDERATED_TOKEN_FILE", good: ["/var/run/token"], bad: ["a\u{1}"]),
        SettingExamples(
            name: "AZURE_AUTHORITY_HOST",
            good: ["https://login.microsoftonline.us/", "login.microsoftonline.com", "http://127.0.0.1:8080"],
            bad: ["http://login.microsoftonline.com", "https://a?b", "ftp://a", "a b"]
        ),
        SettingExamples(
            name: "IDENTITY_ENDPOINT",
            good: ["http://localhost:42356/msi/token", "http://172.16.1.2:8081/msi/token/"],
            bad: urls.bad
        ),
        SettingExamples(name: "IDENTITY_HEADER", good: ["853b9a84-5bfa-4b22"], bad: ["a\u{1}"]),
        SettingExamples(
            name: "AZURE_TOKEN_CREDENTIALS",
            good: ["prod", "Prod", "EnvironmentCredential", "workloadidentitycredential", "ManagedIdentityCredential"],
            bad: ["dev", "AzureCliCredential", "prod,dev"]
        ),
    ]

    private static let containers = (
        good: ["abc", "mesh-messages", "0a0", String(repeating: "a", count: 63)],
        bad: [
            "ab", String(repeating: "a", count: 64), "Mesh", "-abc", "abc-", "a--b", "a_b", "a.b", "a b", "äbc",
            "$root",
        ]
    )

    private static let run = [
        SettingExamples(
            name: "BLOB_PREFIX",
            good: ["X26ABC1/", "a/b/c", "a b/", "a", ".a/", String(repeating: "a", count: 256)],
            bad: [
                "/a", "a//b", "../a", "a/../b", "./a", "a./b", "a\\b", "é/", "a\tb", ".poll-mesh-inbox/",
                String(repeating: "a", count: 257),
            ]
        ),
        SettingExamples(
            name: "BSO_CODE_SOURCE",
            good: ["message-id", "file-name", "local-id", "sender", "workflow-id", "FILE-NAME"],
            bad: ["filename", "file_name"]
        ),
        SettingExamples(name: "REPORTS", good: ["store", "leave", "Leave"], bad: ["drop", "true"]),
        SettingExamples(name: "INVALID_MESSAGES", good: ["skip", "quarantine"], bad: ["delete"]),
        SettingExamples(
            name: "CONCURRENCY",
            good: ["1", "16", "1024", "007"],
            bad: ["0", "1025", "-1", "+1", "abc", "1.5", "1 ", "٣", "99999999999999999999"]
        ),
        SettingExamples(
            name: "BUFFER_MEMORY",
            good: ["8Mi", "8388608", "8192Ki", "64Gi", "32MiB", "32mib"],
            bad: ["8388607", "7Mi", "65Gi", "32MB", "32M", "32 Mi", "-32Mi", "Mi", "B", "iB", "99999999999Gi", "1e9"]
        ),
        SettingExamples(
            name: "CONNECT_TIMEOUT",
            good: ["1ms", "10s", "1h", "60M"],
            bad: times + ["0ms", "2h", "3601s"]
        ),
        SettingExamples(name: "STALL_TIMEOUT", good: ["1s", "1000ms", "1h"], bad: times + ["999ms", "61m"]),
        SettingExamples(name: "RETRY_ATTEMPTS", good: ["1", "5", "100"], bad: ["0", "101", "x"]),
        SettingExamples(name: "RETRY_BASE_DELAY", good: ["1ms", "200ms", "30s"], bad: times + ["0s", "61m"]),
        SettingExamples(name: "RETRY_MAX_DELAY", good: ["200ms", "30s", "1h"], bad: times + ["0s", "61m"]),
        SettingExamples(name: "RUN_DEADLINE", good: ["1s", "4m", "168h"], bad: times + ["0s", "169h"]),
        SettingExamples(name: "GRACE_PERIOD", good: ["0s", "0ms", "20s", "1h"], bad: times + ["61m"]),
    ]

    private static let times = [
        "30", "s", "1.5s", "-1s", "1 s", "1d", "1sec", "abc", "9999999999999999999s", "9223372036854775807h", "1µs",
    ]

    private static let process = [
        SettingExamples(name: "TERMINATION_MESSAGE_PATH", good: ["/dev/termination-log", "out"], bad: ["a\u{1}"]),
        SettingExamples(
            name: "LOG_LEVEL",
            good: ["trace", "debug", "info", "warning", "error", "critical", "INFO"],
            bad: ["warn", "notice", "5"]
        ),
        SettingExamples(name: "LOG_FORMAT", good: ["json", "text", "JSON"], bad: ["logfmt"]),
        SettingExamples(
            name: "TZ",
            good: ["UTC0", "GMT0BST,M3.5.0/1,M10.5.0", "<+01>-1", ":UTC0"],
            bad: ["Europe/Nowhere", "BST", "a\u{1}"]
        ),
        SettingExamples(name: "HTTPS_PROXY", good: ["http://user:word@proxy:3128"], bad: ["a\u{1}"]),
        SettingExamples(name: "NO_PROXY", good: ["localhost,.example"], bad: ["a\u{1}"]),
    ]

    private static let endpoint = ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"]

    /// What is not usable here is never a problem.
    private static let telemetry = [
        SettingExamples(name: "OTEL_EXPORTER_OTLP_ENDPOINT", good: urls.good + urls.bad),
        SettingExamples(name: "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", good: urls.good + urls.bad),
        SettingExamples(name: "OTEL_EXPORTER_OTLP_HEADERS", good: ["a=b,c=d%20e", "nonsense"], with: endpoint),
        SettingExamples(name: "OTEL_EXPORTER_OTLP_CERTIFICATE", good: ["/ca.pem", "a\u{1}"], with: endpoint),
        SettingExamples(name: "OTEL_EXPORTER_OTLP_TIMEOUT", good: ["1", "10000", "10s", "-1"], with: endpoint),
        SettingExamples(
            name: "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
            good: ["delta", "Cumulative", "LowMemory", "other"],
            with: endpoint
        ),
        SettingExamples(name: "OTEL_SERVICE_NAME", good: ["inbox"], with: endpoint),
        SettingExamples(name: "OTEL_RESOURCE_ATTRIBUTES", good: ["a=b, c=d", "=", ","], with: endpoint),
        SettingExamples(name: "OTEL_SDK_DISABLED", good: ["true", "false", "1"], with: endpoint),
    ]

    private static func oneLine(_ text: String) -> String {
        text.replacing("\n", with: " ")
    }
}

@Suite struct SettingTableTests {
    @Test(arguments: SettingExamples.all)
    func takesTextOfTheFormExpected(examples: SettingExamples) {
        for text in examples.good {
            var environment = examples.with
            environment[examples.name] = text
            let report = SettingsFixture(environment).load()
            #expect(report.problems == [], "\(text)")
            #expect(report.settings != nil)
        }
    }

    @Test(arguments: SettingExamples.all)
    func refusesOtherTextAndNamesTheSettingTheExpectationAndTheWayOut(examples: SettingExamples) throws {
        let setting = try #require(SettingCatalogue.all.first { $0.name == examples.name })
        for text in examples.bad {
            var environment = examples.with
            environment[examples.name] = text
            let report = SettingsFixture(environment).load()
            #expect(report.settings == nil, "\(text)")
            #expect(report.problemNames == [examples.name], "\(text)")
            let problem = try #require(report.problems.first)
            let isControl = text.unicodeScalars.contains(where: \.isControl) && !setting.expected.hasPrefix("PEM")
            #expect(problem.statement.contains(isControl ? "control character" : setting.expected), "\(text)")
            #expect(problem.statement.hasPrefix(examples.name))
            #expect(problem.advice.hasSuffix("."))
            if setting.isSecret || setting.expected.hasPrefix("PEM") {
                #expect(!report.text.contains(text) || text.utf8.count < 4, "\(text)")
            }
        }
    }

    @Test func everySettingHasExamples() {
        let named = SettingExamples.all.map(\.name) + ["SECRETS_DIRECTORY"]
        #expect(named.sorted() == SettingCatalogue.names.sorted())
    }

    @Test func aProblemQuotesWhatWasFoundUnlessItMayBeASecret() {
        #expect(SettingsFixture(["CONCURRENCY": "abc"]).load().text.contains(#"but is "abc""#))
        let long = String(repeating: "9", count: 5_000)
        #expect(SettingsFixture(["CONCURRENCY": long]).load().text.utf8.count < 400)
        let pasted = "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=c2VjcmV0;EndpointSuffix=x"
        for name in ["AZURE_STORAGE_ACCOUNT_URL", "AZURE_STORAGE_CONTAINER_NAME", "BLOB_PREFIX", "CONCURRENCY"] {
            let report = SettingsFixture([name: pasted + "\\"]).load()
            #expect(!report.problems.isEmpty)
            #expect(!report.text.contains("c2VjcmV0"))
        }
        for url in ["https://user:word@host", "https://account.blob.core.windows.net/?sv=1&x=word"] {
            #expect(!SettingsFixture(["AZURE_STORAGE_ACCOUNT_URL": url]).load().text.contains("word"))
        }
    }

    @Test func textThatHasLostItsLinesOrNamesAFileGetsAdviceOfItsOwn() {
        let lost = PEM.key.replacing("\n", with: " ")
        let advice = ["/tls/tls.key", lost].map { text in
            SettingsFixture(["MESH_CLIENT_KEY": text, "MESH_CLIENT_CERTIFICATE": PEM.certificate]).load().problems[0]
                .advice
        }
        #expect(advice[0].contains("Name a file in MESH_CLIENT_KEY_FILE"))
        #expect(advice[1].contains("line breaks"))
    }
}
