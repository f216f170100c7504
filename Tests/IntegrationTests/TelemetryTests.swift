import Foundation
import ProgramFixture
import Synchronization
import TestServers
import Testing

/// Metrics, as a collector gets them.
struct TelemetryTests {
    /// What OpenTelemetry's own classes read in a request.
    struct Metrics: Decodable {
        var resource: [String: String]
        var scope: String
        var units: [String: String]
        var numbers: [String: Double]
        var temporalities: [String: Int]
        var bounds: [Double]
        var buckets: [String: [Int]]
        var sums: [String: Double]
        var started: Double
        var ended: Double

        /// The points of a metric by the values of their one attribute.
        func points(_ name: String) -> [String: Double] {
            let prefix = "poll_mesh_inbox.\(name){"
            return Dictionary(
                uniqueKeysWithValues: numbers.filter { $0.key.hasPrefix(prefix) }.map { key, value in
                    (String(key.dropFirst(prefix.count).dropLast()), value)
                }
            )
        }
    }

    /// A collector that keeps what comes.
    final class Collector: Sendable {
        let requests = Mutex<[HTTPServer.Request]>([])

        func metrics() async throws -> Metrics {
            let body = try #require(requests.withLock { $0 }.last).body
            let folder = TemporaryFolder()
            try Data(body).write(to: URL(filePath: folder.file("request.json")))
            return try await Python.run("otlp_metrics.py", [folder.file("request.json")])
        }
    }

    private func withCollector(
        answer: HTTPServer.Response = HTTPServer.Response(200, body: .text("{}")),
        _ run: (Collector, HTTPServer) async throws -> Void
    ) async throws {
        let collector = Collector()
        // It has two seconds, which a task of a busy test process may not get.
        let server = try HTTPServer(direct: { request in
            collector.requests.withLock { $0.append(request) }
            return answer
        })
        defer { server.stop() }
        try await run(collector, server)
    }

    private let messages =
        (1...4).map { MESHMessage("ABC000\($0)", text: "content \($0)") } + [
            MESHMessage("BAD0001", [.gzip(Array("no gzip".utf8))]), .report("REP0001"),
        ]

    @Test func aCollectorGetsWhatHappened() async throws {
        try await withCollector { collector, server in
            try await withScene(messages) { scene in
                scene.mesh.http.setFault { request in
                    request.target.hasSuffix("/inbox/ABC0002") ? .answer(HTTPServer.Response(503)) : nil
                }
                let before = Date().timeIntervalSince1970
                let run = try await scene.run(
                    [],
                    [
                        "OTEL_EXPORTER_OTLP_ENDPOINT": server.baseURL, "BSO_CODE_SOURCE": "message-id",
                        "OTEL_RESOURCE_ATTRIBUTES": "k8s.namespace.name=screening, deployment.environment=a%2Cb",
                        "OTEL_EXPORTER_OTLP_HEADERS": "api-key=hushhush%21",
                    ]
                )
                run.expectStatus(75)
                #expect(run.lines("metrics were not sent").isEmpty)
                let request = try #require(collector.requests.withLock { $0 }.last)
                #expect(request.method == "POST" && request.target == "/v1/metrics")
                #expect(request.headers["Content-Type"] == "application/json")
                #expect(request.headers["api-key"] == "hushhush!")

                let metrics = try await collector.metrics()
                #expect(metrics.resource["service.name"] == "poll-mesh-inbox")
                #expect(metrics.resource["service.instance.id"] == Scene.mailbox.id)
                #expect(metrics.resource["k8s.namespace.name"] == "screening")
                #expect(metrics.resource["deployment.environment"] == "a,b")
                #expect(
                    metrics.points("messages") == [
                        "outcome=stored": 4, "outcome=quarantined": 0, "outcome=acknowledged": 0, "outcome=skipped": 1,
                        "outcome=failed": 1, "outcome=unstarted": 0, "outcome=gone": 0,
                    ]
                )
                #expect(metrics.points("bytes")[""] == run.summary[number: "bytes"].map(Double.init))
                #expect(metrics.points("retries")[""] == 4)
                #expect(metrics.points("reports")[""] == 1)
                #expect(metrics.points("inbox.remaining")[""] == 2)
                #expect(metrics.points("runs")["outcome=incomplete"] == 1)
                #expect(metrics.points("runs").values.reduce(0, +) == 1)
                let requests = metrics.points("requests")
                #expect(requests["service=mesh,status=503"] == 5)
                #expect(requests.values.reduce(0, +) == run.summary[number: "requests"].map(Double.init))
                #expect(metrics.temporalities.values.allSatisfy { $0 == 2 })
                // The container, three messages and a report.
                let stored = "poll_mesh_inbox.phase.duration{phase=store}"
                #expect(metrics.buckets[stored]?.reduce(0, +) == 5)
                #expect(metrics.sums[stored].map { $0 > 0 } == true)
                #expect(metrics.bounds.sorted() == metrics.bounds)
                #expect(metrics.started / 1e9 >= before - 1 && metrics.started < metrics.ended)
                #expect(metrics.units["poll_mesh_inbox.bytes"] == "By")
            }
        }
    }

    @Test func countersCountFromTheLastRunWhereThatIsPreferred() async throws {
        try await withCollector { collector, server in
            try await withScene { scene in
                let run = try await scene.run(
                    [],
                    [
                        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "\(server.baseURL)/own/path",
                        "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": "DELTA", "OTEL_SERVICE_NAME": "inbox",
                    ]
                )
                run.expectStatus(0)
                #expect(collector.requests.withLock { $0 }.map(\.target) == ["/own/path"])
                let metrics = try await collector.metrics()
                #expect(metrics.temporalities.values.allSatisfy { $0 == 1 })
                #expect(metrics.resource["service.name"] == "inbox")
                #expect(metrics.points("inbox.remaining")[""] == 0)
                #expect(metrics.points("oldest_waiting.age")[""] == 0)
            }
        }
    }

    @Test(arguments: [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", ""), ("OTEL_SDK_DISABLED", "true"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector"),
    ])
    func nothingIsSentWhereNothingIsAskedFor(setting: String, value: String) async throws {
        try await withCollector { collector, server in
            try await withScene { scene in
                var changes: [String: String?] = ["OTEL_EXPORTER_OTLP_ENDPOINT": server.baseURL]
                changes[setting] = value
                let run = try await scene.run([], changes)
                run.expectStatus(0)
                #expect(collector.requests.withLock { $0.isEmpty })
                #expect(run.complaints.map { $0["setting"] } == (value == "collector" ? [setting] : []))
            }
        }
    }

    @Test(arguments: [(400, "http_400"), (200, "metrics_rejected")])
    func aCollectorThatRefusesChangesNothingButALine(status: Int, type: String) async throws {
        let rejection = #"{"partialSuccess":{"rejectedDataPoints":"3","errorMessage":"no"}}"#
        try await withCollector(answer: HTTPServer.Response(status, body: .text(rejection))) { _, server in
            try await withScene(messages.prefix(2).map { $0 }) { scene in
                let run = try await scene.run([], ["OTEL_EXPORTER_OTLP_ENDPOINT": server.baseURL])
                run.expectStatus(0)
                #expect(run.complaints.map(\.sentence) == ["metrics were not sent"])
                #expect(run.complaints.first?.errorType == type)
            }
        }
    }

    @Test func aCollectorThatHangsIsNotWaitedFor() async throws {
        try await withCollector { _, server in
            let gate = Gate()
            server.setFault { _ in .hang(gate) }
            try await withScene { scene in
                let changes = ["OTEL_EXPORTER_OTLP_ENDPOINT": server.baseURL, "OTEL_EXPORTER_OTLP_TIMEOUT": "200"]
                let run = try await scene.run([], changes)
                run.expectStatus(0)
                #expect(run.complaints.map(\.errorType) == ["timeout"])
            }
            gate.open()
        }
    }
}
