import Transfer

extension SettingsLoader {
    /// Where metrics go, if they go anywhere. Nothing here is worth a run: what is not usable is warned of.
    mutating func loadTelemetry() -> Settings.Telemetry? {
        // A secret is known to be one whether it is used or not; of the rest nothing is read where nothing is asked for.
        let headers = secrets.add(lenient { $0.value(of: SettingCatalogue.otlpHeaders) })
        let metricsEndpoint = lenient { $0.value(of: SettingCatalogue.otlpMetricsEndpoint) }
        let endpoint = metricsEndpoint == nil ? lenient { $0.value(of: SettingCatalogue.otlpEndpoint) } : nil
        guard let url = metricsEndpoint ?? endpoint.flatMap({ ServiceURL("\($0)/v1/metrics") }) else { return nil }
        if lenient({ $0.value(of: SettingCatalogue.otelDisabled) }) { return nil }
        let attributes = lenient { $0.value(of: SettingCatalogue.otelResourceAttributes) }
        var pairs = pairs(headers?.exposed, of: SettingCatalogue.otlpHeaders.setting)
        for (_, value) in pairs { _ = secrets.add(Secret(value)) }
        if !pairs.isEmpty, !url.isSecure, !url.isLoopback {
            reader.warn(
                SettingCatalogue.otlpHeaders.setting.name,
                "OTEL_EXPORTER_OTLP_HEADERS is not sent to \(url.authority) over http, since it may hold a key.",
                advice: "Use https for the collector."
            )
            pairs = []
        }
        return Settings.Telemetry(
            metricsURL: url,
            headers: pairs.map { ($0.name, Secret($0.value)) },
            certificatePath: lenient { $0.value(of: SettingCatalogue.otlpCertificate) },
            timeLimit: .milliseconds(min(2_000, lenient { $0.value(of: SettingCatalogue.otlpTimeout) })),
            countsFromLastRun: lenient { $0.value(of: SettingCatalogue.otlpTemporality) },
            serviceName: lenient { $0.value(of: SettingCatalogue.otelServiceName) },
            resourceAttributes: self.pairs(attributes, of: SettingCatalogue.otelResourceAttributes.setting)
        )
    }

    /// `name=value` pairs, joined by commas and percent-encoded (W3C Baggage, as OpenTelemetry takes it).
    private mutating func pairs(_ text: String?, of setting: Setting) -> [(name: String, value: String)] {
        var pairs: [(name: String, value: String)] = []
        for pair in text?.split(separator: ",") ?? [] {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { PercentEncoding.decode(String(Self.trimmed($0))) }
            guard parts.count == 2, !parts[0].isEmpty else {
                reader.warn(
                    setting.name,
                    "\(setting.name) must be \(setting.expected), and is something else.",
                    advice: "It is not used; the run is not touched by it."
                )
                return []
            }
            pairs.append((parts[0], parts[1]))
        }
        return pairs
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return text
    }

    /// Reads a setting whose problems are no more than warnings.
    private mutating func lenient<Value>(_ read: (inout SettingReader) -> Value) -> Value {
        let before = reader.problems.count
        let value = read(&reader)
        reader.demoteProblems(from: before)
        return value
    }
}
