extension SettingsLoader {
    /// Names near to ours that mean something to others.
    private static let others: Set<String> = [
        "HTTP_PROXY", "ALL_PROXY", "FTP_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "TZDIR",
    ]

    /// Warns of environment variables that look like settings but are none.
    mutating func checkForMisspellings() {
        for name in reader.sources.undecodable.union(reader.sources.environment.keys).sorted() {
            guard let advice = Self.advice(onVariable: name) else { continue }
            reader.warn(name, "The environment has \(SettingReader.quote(name)), which is no setting.", advice: advice)
        }
    }

    private static func advice(onVariable name: String) -> String? {
        // curl reads the proxies in lower case too.
        let upper = name.uppercased()
        let isFile = upper.hasSuffix("_FILE") && SettingCatalogue.order[upper] == nil
        let base = isFile ? String(upper.dropLast("_FILE".count)) : upper
        if SettingCatalogue.order[base] != nil {
            let isRead = name == upper || base.hasSuffix("_PROXY")
            return isRead ? nil : "Write it in upper case: \(upper)."
        }
        // OpenTelemetry has many more than we read, and platforms set them for everybody.
        guard !others.contains(upper), !upper.hasPrefix("OTEL_"), !isServiceLink(name) else { return nil }
        if let correction = Misspelling.correction(of: base, among: SettingCatalogue.names) {
            return "Perhaps \(correction)\(isFile ? "_FILE" : "") is meant."
        }
        let isOurs = upper.hasPrefix("MESH_") || upper.hasPrefix("AZURE_STORAGE_")
        return isOurs ? "Remove it, or see `\(Product.name) settings` for what there is." : nil
    }

    /// Whether Kubernetes sets the variable for a service of the namespace, which may be called `mesh`.
    private static func isServiceLink(_ name: String) -> Bool {
        guard let mark = name.split(separator: "_").firstIndex(of: "PORT") else {
            return name.hasSuffix("_SERVICE_HOST")
        }
        return mark > 0
    }
}
