/// Reads settings one by one, and collects what is wrong with them.
struct SettingReader {
    /// The text of a setting and where it was found.
    struct Found {
        var text: String
        /// The file that it is from; `nil` for the environment.
        var file: String?
    }

    let sources: SettingSources
    private(set) var problems: [SettingFinding] = []
    private(set) var warnings: [SettingFinding] = []
    private let secretsDirectory: String
    private var given: Set<String> = []

    init(sources: SettingSources) {
        self.sources = sources
        let directory = SettingCatalogue.secretsDirectory
        let given = sources.environment[directory.setting.name] ?? ""
        secretsDirectory = given.isEmpty ? directory.defaultValue : given
    }

    /// The value of a setting.
    /// - Returns: `nil` when it is not given, or is not usable, which then is a problem.
    mutating func value<Value>(of setting: OptionalSetting<Value>) -> Value? {
        value(of: setting.setting, form: setting.form)
    }

    /// The value of a setting, or its default when it is not given, or is not usable, which then is a problem.
    mutating func value<Value>(of setting: DefaultedSetting<Value>) -> Value {
        value(of: setting.setting, form: setting.form) ?? setting.defaultValue
    }

    /// Whether the setting, read before, had any text, usable or not, or should have had one.
    func isGiven(_ setting: Setting) -> Bool {
        given.contains(setting.name)
    }

    /// Whether a problem with the setting is known.
    func hasProblem(with setting: Setting) -> Bool {
        problems.contains { $0.setting == setting.name }
    }

    mutating func report(_ setting: Setting, _ statement: String, advice: String) {
        problems.append(SettingFinding(setting: setting.name, statement: statement, advice: advice))
    }

    /// Reports that a setting's text, which is not to be shown, is not what it must be.
    mutating func refuse(_ setting: Setting, because reason: String) {
        report(setting, "\(setting.name) must be \(setting.expected), and is something else.", advice: reason)
    }

    /// Makes warnings of the problems that were found last.
    /// - Parameter index: of the first of them.
    mutating func demoteProblems(from index: Int) {
        warnings += problems[index...]
        problems.removeSubrange(index...)
    }

    mutating func warn(_ setting: String, _ statement: String, advice: String, expiresInDays: Int? = nil) {
        warnings.append(
            SettingFinding(setting: setting, statement: statement, advice: advice, expiresInDays: expiresInDays)
        )
    }

    private mutating func value<Value>(of setting: Setting, form: SettingForm<Value>) -> Value? {
        let found = find(setting)
        guard let found else {
            // A text that can't be had was meant to be one.
            if hasProblem(with: setting) {
                given.insert(setting.name)
            }
            return nil
        }
        given.insert(setting.name)
        if !form.hasLines, found.text.unicodeScalars.contains(where: \.isControl) {
            report(
                setting,
                "\(setting.name)\(place(found)) has a line break or another control character in it.",
                advice: "Give it on one line; one line break at the end of a file is allowed."
            )
            return nil
        }
        switch form.parse(found.text) {
        case .success(let value):
            return value
        case .failure(let mismatch):
            let isQuoted = setting.isQuotable && !mismatch.hidesText && !Self.mayBeSecret(found.text)
            let what = isQuoted ? "but is \(Self.quote(found.text))" : "and is something else"
            report(
                setting,
                "\(setting.name) must be \(setting.expected), \(what)\(place(found)).",
                advice: mismatch.advice?.text(for: setting) ?? Self.usualAdvice(for: setting)
            )
            return nil
        }
    }

    /// Looks for the text in the environment, the file that `NAME_FILE` names, and the folder of secrets.
    private mutating func find(_ setting: Setting) -> Found? {
        let name = setting.name
        let fileName = "\(name)_FILE"
        for variable in [name, fileName] where sources.undecodable.contains(variable) {
            report(setting, "\(variable) is not UTF-8.", advice: "Give it as UTF-8 text.")
            return nil
        }
        let text = sources.environment[name] ?? ""
        let path = sources.environment[fileName] ?? ""
        if !text.isEmpty && !path.isEmpty {
            report(
                setting,
                "\(name) and \(fileName) are both set.",
                advice: "Keep the one that is meant and remove the other."
            )
            return nil
        }
        if !text.isEmpty {
            return Found(text: text)
        }
        if !path.isEmpty {
            return read(setting, path: path, isNamed: true)
        }
        return read(setting, path: "\(secretsDirectory)/\(name)", isNamed: false)
    }

    private mutating func read(_ setting: Setting, path: String, isNamed: Bool) -> Found? {
        switch sources.readFile(path) {
        case .missing:
            if isNamed {
                report(
                    setting,
                    "\(setting.name)_FILE names \(Self.quote(path)), but there is no such file.",
                    advice: "Mount the file there, or correct the path."
                )
            }
            return nil
        case .folder:
            report(
                setting,
                "\(setting.name) can't be read from \(Self.quote(path)): it is a folder.",
                advice: "Make it a file that this user may read."
            )
            return nil
        case .unreadable(let reason):
            report(
                setting,
                "\(setting.name) can't be read from the file \(Self.quote(path)): \(reason).",
                advice: "Make it a file that this user may read."
            )
            return nil
        case .bytes(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                report(
                    setting,
                    "\(setting.name), in the file \(Self.quote(path)), is not UTF-8.",
                    advice: "Save the file as UTF-8 text."
                )
                return nil
            }
            let line = Self.withoutLastNewline(text)
            if line.isEmpty {
                if isNamed {
                    warn(
                        setting.name,
                        "The file \(Self.quote(path)) that \(setting.name)_FILE names is empty, which counts as unset.",
                        advice: "Put the value into the file, or remove \(setting.name)_FILE."
                    )
                }
                return nil
            }
            return Found(text: line, file: path)
        }
    }

    private func place(_ found: Found) -> String {
        found.file.map { " (in the file \(Self.quote($0)))" } ?? ""
    }

    private static func usualAdvice(for setting: Setting) -> String {
        setting.defaultText.map { "Correct it, or leave it out for the default: \($0)." }
            ?? "Correct it, or leave it out."
    }

    /// Whether a text looks like one that belongs into a secret setting.
    private static func mayBeSecret(_ text: String) -> Bool {
        let text = text.lowercased()
        return ["accountkey", "sharedaccesssignature", "sig=", "password", "-----begin"].contains { text.contains($0) }
    }

    /// Drops one `\n` or `\r\n` at the end.
    static func withoutLastNewline(_ text: String) -> String {
        // Both are one Character.
        text.hasSuffix("\n") || text.hasSuffix("\r\n") ? String(text.dropLast()) : text
    }

    /// A text in quotation marks, without control characters, cut where it is long.
    static func quote(_ text: String) -> String {
        let limit = 120
        var quoted = "\""
        for scalar in text.unicodeScalars.prefix(limit) {
            quoted.unicodeScalars.append(scalar.isControl ? "\u{fffd}" : scalar)
        }
        return text.unicodeScalars.count > limit ? "\(quoted)…\"" : "\(quoted)\""
    }
}

extension Unicode.Scalar {
    /// Whether it is one of the ASCII or Latin-1 control characters.
    var isControl: Bool { value < 0x20 || (0x7f...0x9f).contains(value) }
}
