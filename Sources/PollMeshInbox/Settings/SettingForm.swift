/// What to do about a text that has not the form of its setting, where the usual advice does not fit.
enum SettingAdvice {
    /// The text looks like a file's name where a file's content belongs.
    case namesFile
    /// The text has lost its line breaks.
    case lostLineBreaks
    /// What the text lacks, in one sentence that quotes nothing secret.
    case reason(String)

    func text(for setting: Setting) -> String {
        switch self {
        case .namesFile:
            "Name a file in \(setting.name)_FILE; \(setting.name) itself holds the text."
        case .lostLineBreaks:
            "Keep the text's line breaks, or name its file in \(setting.name)_FILE."
        case .reason(let sentence):
            sentence
        }
    }
}

/// How the text of a setting is read.
struct SettingForm<Value: Sendable>: Sendable {
    /// Why a text was not read.
    struct Mismatch: Error {
        /// What to do about it, where the usual advice does not fit.
        var advice: SettingAdvice?
        /// Whether the text may hold a secret though its setting is none.
        var hidesText = false
    }

    /// What a text must look like, as it goes on after "must be".
    let expected: String
    /// Whether a text that does not fit may be quoted.
    let isQuotable: Bool
    /// Whether a text can have more than one line.
    let hasLines: Bool
    let parse: @Sendable (String) -> Result<Value, Mismatch>

    init(
        _ expected: String,
        isQuotable: Bool = true,
        hasLines: Bool = false,
        parse: @escaping @Sendable (String) -> Result<Value, Mismatch>
    ) {
        self.expected = expected
        self.isQuotable = isQuotable
        self.hasLines = hasLines
        self.parse = parse
    }

    /// A form whose mismatches need no advice of their own.
    init(_ expected: String, value: @escaping @Sendable (String) -> Value?) {
        self.init(expected) { text in value(text).map(Result.success) ?? .failure(Mismatch()) }
    }

    /// One of some words, in upper or lower case.
    static func choice(_ options: [(name: String, value: Value)]) -> SettingForm {
        let names = options.map(\.name)
        let expected =
            names.count == 2
            ? "\(names[0]) or \(names[1])"
            : "one of \(names.joined(separator: ", "))"
        return SettingForm(expected) { text in
            let name = text.lowercased()
            return options.first { $0.name == name }?.value
        }
    }
}

extension SettingForm where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the words that an enumeration has, in upper or lower case.
    static var word: SettingForm {
        choice(Value.allCases.map { ($0.rawValue, $0) })
    }
}

extension SettingForm where Value == String {
    /// Any text on one line.
    static func text(_ expected: String = "text on one line") -> SettingForm {
        SettingForm(expected) { $0 }
    }
}

extension SettingForm where Value == Secret {
    /// Any text on one line that is not to be shown.
    static func secret(_ expected: String = "text on one line") -> SettingForm {
        SettingForm(expected, isQuotable: false) { .success(Secret($0)) }
    }
}

extension SettingForm where Value == Int {
    /// A whole number in a range, in decimal digits.
    static func count(_ range: ClosedRange<Int>) -> SettingForm {
        SettingForm("a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else { return nil }
            return range.contains(number) ? number : nil
        }
    }

    /// A number of bytes in a range.
    static func size(_ range: ClosedRange<Int>) -> SettingForm {
        let bounds = "from \(ByteSize.text(range.lowerBound)) to \(ByteSize.text(range.upperBound))"
        return SettingForm("a size \(bounds), written like 32Mi, 32MiB or in bytes") { text in
            ByteSize.bytes(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension SettingForm where Value == Duration {
    /// A length of time in a range.
    static func duration(_ range: ClosedRange<Duration>) -> SettingForm {
        let bounds = "from \(DurationText.text(range.lowerBound)) to \(DurationText.text(range.upperBound))"
        return SettingForm("a time \(bounds), written like 200ms, 30s, 5m or 2h") { text in
            DurationText.duration(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}
