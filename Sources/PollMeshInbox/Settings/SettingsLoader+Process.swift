extension SettingsLoader {
    mutating func loadProcess() -> Settings.Process {
        for name in ["https_proxy", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
            // libcurl's own; their passwords are secrets all the same.
            _ = secrets.addURL(reader.sources.environment[name].map(Secret.init))
        }
        let isTerminal = reader.sources.outputIsTerminal
        let terminationPath = reader.value(of: SettingCatalogue.terminationMessagePath)
        let logFormat = reader.value(of: SettingCatalogue.logFormat) ?? (isTerminal ? .text : .json)
        let terminal = reader.sources.environment["TERM"] ?? ""
        return Settings.Process(
            timeZone: loadTimeZone(),
            httpsProxy: secrets.addURL(reader.value(of: SettingCatalogue.httpsProxy)),
            noProxy: reader.value(of: SettingCatalogue.noProxy),
            logLevel: reader.value(of: SettingCatalogue.logLevel),
            logFormat: logFormat,
            showsProgressLine: isTerminal && logFormat == .text && !["", "dumb"].contains(terminal),
            terminationMessage: TerminationMessage(
                path: terminationPath,
                createsFile: reader.isGiven(SettingCatalogue.terminationMessagePath.setting)
            )
        )
    }

    /// A folder of secrets that was named but is not there would otherwise look like secrets that were not given.
    mutating func checkSecretsDirectory() {
        let setting = SettingCatalogue.secretsDirectory.setting
        let path = reader.sources.environment[setting.name] ?? ""
        guard !path.isEmpty else { return }
        let reason: String
        switch reader.sources.readFile(path) {
        case .folder: return
        case .missing: reason = "there is no such folder"
        case .bytes: reason = "that is a file"
        case .unreadable(let text): reason = text
        }
        reader.report(
            setting,
            "SECRETS_DIRECTORY names \(SettingReader.quote(path)), but \(reason).",
            advice: "Mount the folder there, or correct the path."
        )
    }

    /// libc silently takes UTC for a zone that it does not know, and blobs would be filed under the wrong dates.
    private mutating func loadTimeZone() -> String {
        let setting = SettingCatalogue.timeZone
        let text = reader.value(of: setting)
        let name = text.hasPrefix(":") ? String(text.dropFirst()) : text
        // What libc takes for UTC is not wrong where UTC is meant.
        if ["UTC", "GMT", "Etc/UTC"].contains(name) || POSIXTimeZone.isValid(name) || isTimeZoneFile(name) {
            return text
        }
        reader.report(
            setting.setting,
            "TZ must be \(setting.setting.expected), but is \(SettingReader.quote(text)).",
            advice: "Correct it, or give the rules themselves where no time zones are installed."
        )
        return text
    }

    private func isTimeZoneFile(_ name: String) -> Bool {
        guard !name.isEmpty else { return false }
        let given = reader.sources.environment["TZDIR"] ?? ""
        let folder = given.isEmpty ? "/usr/share/zoneinfo" : given
        guard case .bytes(let bytes) = reader.sources.readFile(name.hasPrefix("/") ? name : "\(folder)/\(name)") else {
            return false
        }
        // RFC 8536, section 3.1: the magic.
        return bytes.starts(with: Array("TZif".utf8))
    }
}
