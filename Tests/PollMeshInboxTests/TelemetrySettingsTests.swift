import Testing
import Transfer

@testable import PollMeshInbox

@Suite struct TelemetrySettingsTests {
    private func telemetry(_ environment: [String: String]) throws -> Settings.Telemetry? {
        try #require(SettingsFixture(environment).load().settings).telemetry
    }

    @Test func withoutAnEndpointThereIsNone() throws {
        #expect(try telemetry(["OTEL_SERVICE_NAME": "x", "OTEL_EXPORTER_OTLP_TIMEOUT": "nonsense"]) == nil)
    }

    @Test(arguments: [
        ("http://collector:4318", "http://collector:4318/v1/metrics"), ("http://c/x/", "http://c/x/v1/metrics"),
    ])
    func thePathIsAddedToTheEndpoint(endpoint: String, url: String) throws {
        #expect(try telemetry(["OTEL_EXPORTER_OTLP_ENDPOINT": endpoint])?.metricsURL.description == url)
    }

    @Test func theEndpointOfMetricsGoesFirstAndStaysAsItIs() throws {
        let environment = [
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://a", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "http://b/c",
        ]
        #expect(try telemetry(environment)?.metricsURL.description == "http://b/c")
    }

    @Test func pairsArePercentDecoded() throws {
        let telemetry = try #require(
            try telemetry([
                "OTEL_EXPORTER_OTLP_ENDPOINT": "https://a", "OTEL_EXPORTER_OTLP_HEADERS": "a=b%3Dc , d = e",
                "OTEL_RESOURCE_ATTRIBUTES": "x=y%2Cz",
            ])
        )
        #expect(telemetry.headers.map { "\($0.name):\($0.value.exposed)" } == ["a:b=c", "d:e"])
        #expect(telemetry.resourceAttributes.map { "\($0.name):\($0.value)" } == ["x:y,z"])
    }

    @Test(arguments: [("http://collector:4318", true), ("https://collector", false), ("http://127.0.0.1:4318", false)])
    func headersGoToNoOtherMachineUnencrypted(endpoint: String, isWithheld: Bool) throws {
        let name = "OTEL_EXPORTER_OTLP_HEADERS"
        let report = SettingsFixture(["OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, name: "api-key=hush"]).load()
        #expect(report.warningNames.contains(name) == isWithheld)
        let settings = try #require(report.settings)
        #expect(settings.telemetry?.headers.isEmpty == isWithheld)
    }

    @Test(arguments: [
        ("100", Duration.milliseconds(100)), ("60000", .seconds(2)), ("", .seconds(2)), ("x", .seconds(2)),
    ])
    func aCollectorHasTwoSecondsAtMost(text: String, limit: Duration) throws {
        let environment = ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://a", "OTEL_EXPORTER_OTLP_TIMEOUT": text]
        #expect(try telemetry(environment)?.timeLimit == limit)
    }

    @Test(arguments: [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"), ("OTEL_EXPORTER_OTLP_TIMEOUT", "2s"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "hushhush"), ("OTEL_RESOURCE_ATTRIBUTES", "a"),
    ])
    func whatIsNotUsableIsWarnedOfAndNoMore(name: String, text: String) {
        var environment = ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "http://a"]
        if name == "OTEL_EXPORTER_OTLP_ENDPOINT" { environment = [:] }
        environment[name] = text
        let report = SettingsFixture(environment).load()
        #expect(report.problems == [])
        #expect(report.warningNames.contains(name))
        #expect(!report.text.contains("hush"))
    }

    @Test func headersAreSecretEachByItself() {
        let report = SettingsFixture([
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://a", "OTEL_EXPORTER_OTLP_HEADERS": "a=hush%21hush",
        ]).load()
        #expect(Redactor(report.secrets).redact("<hush!hush>") == "<***>")
    }

    @Test(arguments: ["OTEL_TRACES_EXPORTER", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_METRICS_EXPORTER"])
    func otherVariablesOfOpenTelemetryAreNoMisspellings(name: String) {
        #expect(!SettingsFixture([name: "x"]).load().warningNames.contains(name))
    }
}
