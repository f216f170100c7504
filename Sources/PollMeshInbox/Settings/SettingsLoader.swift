/// Reads all settings from their sources and checks them one by one and together.
///
/// It decides nothing but what it is given: the same sources give the same report.
package struct SettingsLoader {
    var reader: SettingReader
    var secrets = SecretParts()

    package init(_ sources: SettingSources) {
        self.reader = SettingReader(sources: sources)
    }

    /// Reads and checks everything, and reports every problem that there is.
    package static func load(_ sources: SettingSources) -> SettingsReport {
        var loader = SettingsLoader(sources)
        return loader.load()
    }

    private mutating func load() -> SettingsReport {
        checkSecretsDirectory()
        let mesh = loadMESH()
        let storage = loadStorage()
        let blobs = loadBlobs()
        let transfer = loadTransfer()
        let process = loadProcess()
        let telemetry = loadTelemetry()
        checkForMisspellings()
        var settings: Settings?
        if reader.problems.isEmpty, let mesh, let storage {
            settings = Settings(
                mesh: mesh,
                storage: storage,
                blobs: blobs,
                transfer: transfer,
                process: process,
                telemetry: telemetry
            )
        }
        return SettingsReport(
            settings: settings,
            problems: Self.inOrder(reader.problems),
            warnings: Self.inOrder(reader.warnings),
            secrets: secrets.all,
            process: process
        )
    }

    private static func inOrder(_ findings: [SettingFinding]) -> [SettingFinding] {
        findings.enumerated().sorted { left, right in
            let places = [left, right].map { SettingCatalogue.order[$0.element.setting] ?? Int.max }
            return (places[0], left.offset) < (places[1], right.offset)
        }.map(\.element)
    }
}
