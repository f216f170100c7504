import Curl
import Logging
import Telemetry
import Transfer

extension Settings.Telemetry {
    /// The same with no more time than is left; `nil` if there is none.
    /// - Parameter remaining: `nil` without a limit.
    func within(_ remaining: Duration?) -> Settings.Telemetry? {
        guard let remaining else { return self }
        guard remaining > .zero else { return nil }
        var telemetry = self
        telemetry.timeLimit = min(timeLimit, remaining)
        return telemetry
    }
}

/// Sends the metrics of a run to an OpenTelemetry collector. Whatever happens to them, the run is what it was.
struct MetricsSender {
    let telemetry: Settings.Telemetry
    let settings: Settings
    let surroundings: Surroundings
    let log: RunLog

    func send(_ report: RunReport, over services: Services) async {
        let end = log.stream.now().milliseconds
        let started = end - Int64(surroundings.uptime() / .milliseconds(1))
        let request = MetricsRequest(
            resource: resource,
            scope: (Product.name, Product.version),
            temporality: telemetry.countsFromLastRun ? .delta : .cumulative,
            start: UInt64(max(0, started)) * 1_000_000,
            end: UInt64(max(0, end)) * 1_000_000,
            metrics: report.metrics(duration: surroundings.uptime())
        )
        let exporter = MetricsExporter(
            client: services.client(configuration),
            url: telemetry.metricsURL,
            headers: telemetry.headers.map { ($0.name, $0.value.exposed) },
            timeLimit: telemetry.timeLimit
        )
        guard let failure = await exporter.send(request.json, sleep: surroundings.sleep) else { return }
        var fields: Logger.Metadata = [
            "error.type": "\(failure.type)",
            "error.message": .stringConvertible(MarkedText(familiar: failure.message)),
            "server.address": "\(failure.server)",
        ]
        if let status = failure.status { fields["http.response.status_code"] = .stringConvertible(status) }
        log.write(.metricsNotSent, fields)
    }

    /// Where the metrics are from. The mailbox is the instance: it stays the same from run to run, so that each run goes on
    /// with the series of the one before.
    private var resource: Metric.Attributes {
        var attributes: [String: String] = [
            "service.name": Product.name, "service.version": Product.version,
            "service.instance.id": settings.mesh.mailboxID,
        ]
        for (name, value) in telemetry.resourceAttributes { attributes[name] = value }
        if let name = telemetry.serviceName { attributes["service.name"] = name }
        return attributes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private var configuration: ClientConfiguration {
        var configuration = Services.configuration(settings)
        if let path = telemetry.certificatePath { configuration.trust = .file(path) }
        configuration.connectTimeout = telemetry.timeLimit
        configuration.stallTimeout = .seconds(2)
        return configuration
    }
}
