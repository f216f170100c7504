extension SettingCatalogue {
    static let otlpEndpoint = OptionalSetting(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        .serviceURL,
        meaning:
            """
            The OpenTelemetry collector that metrics are sent to at the end of a run, for example http://collector:4318; \
            /v1/metrics is added. Without it none are sent.
            """
    )
    static let otlpMetricsEndpoint = OptionalSetting(
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
        .serviceURL,
        meaning: "The same with its whole path, for metrics alone."
    )
    static let otlpHeaders = OptionalSetting(
        "OTEL_EXPORTER_OTLP_HEADERS",
        SettingForm<Secret>.secret("name=value pairs joined by commas, percent-encoded"),
        isSecret: true,
        meaning: "Headers for the collector, such as api-key=abc."
    )
    static let otlpCertificate = OptionalSetting(
        "OTEL_EXPORTER_OTLP_CERTIFICATE",
        .text("the path of a PEM file"),
        meaning: "A file with the certificates that the collector's own is checked against."
    )
    static let otlpTimeout = DefaultedSetting(
        "OTEL_EXPORTER_OTLP_TIMEOUT",
        .count(1...3_600_000),
        default: "2000",
        meaning: "How many milliseconds the collector has; never more than 2000."
    )
    static let otlpTemporality = DefaultedSetting(
        "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
        .choice([("cumulative", false), ("delta", true), ("lowmemory", true)]),
        default: "cumulative",
        meaning: "What counters count from; delta suits collectors that sum up runs (docs/metrics.md)."
    )
    static let otelServiceName = OptionalSetting(
        "OTEL_SERVICE_NAME",
        .text(),
        inPlace: "poll-mesh-inbox",
        meaning: "service.name of the metrics."
    )
    static let otelResourceAttributes = OptionalSetting(
        "OTEL_RESOURCE_ATTRIBUTES",
        .text("name=value pairs joined by commas, percent-encoded"),
        meaning: "More about where this runs, for example k8s.namespace.name=screening."
    )
    static let otelDisabled = DefaultedSetting(
        "OTEL_SDK_DISABLED",
        .choice([("true", true), ("false", false)]),
        default: "false",
        meaning: "true sends no metrics, whatever else is set."
    )

    static let telemetry: [Setting] = [
        otlpEndpoint.setting, otlpMetricsEndpoint.setting, otlpHeaders.setting, otlpCertificate.setting,
        otlpTimeout.setting, otlpTemporality.setting, otelServiceName.setting, otelResourceAttributes.setting,
        otelDisabled.setting,
    ]
}
