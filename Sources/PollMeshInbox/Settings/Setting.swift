/// What a user is told of one setting. Its typed side is ``OptionalSetting`` or ``DefaultedSetting``.
package struct Setting: Sendable {
    /// The name of the environment variable.
    package let name: String
    /// What it is for, in one or two sentences.
    package let meaning: String
    /// What its value looks like, as it goes on after "must be".
    package let expected: String
    /// What holds when it is not given, as a value or in words; `nil` where nothing does.
    package let defaultText: String?
    /// Whether its value is never shown.
    package let isSecret: Bool
    /// Whether its value may be quoted in a problem: it is neither secret nor a whole file.
    let isQuotable: Bool
}

/// A setting that has no value of its own when it is not given.
package struct OptionalSetting<Value: Sendable>: Sendable {
    package let setting: Setting
    let form: SettingForm<Value>

    /// - Parameter inPlace: what happens when it is not given, in words.
    init(
        _ name: String,
        _ form: SettingForm<Value>,
        inPlace: String? = nil,
        isSecret: Bool = false,
        meaning: String
    ) {
        self.form = form
        self.setting = Setting(
            name: name,
            meaning: meaning,
            expected: form.expected,
            defaultText: inPlace,
            isSecret: isSecret,
            isQuotable: !isSecret && form.isQuotable
        )
    }
}

/// A setting that has a value when it is not given.
package struct DefaultedSetting<Value: Sendable>: Sendable {
    package let setting: Setting
    let form: SettingForm<Value>
    let defaultValue: Value

    /// - Parameter text: the default as a user would write it; it has the setting's own form.
    init(_ name: String, _ form: SettingForm<Value>, default text: String, meaning: String) {
        guard case .success(let value) = form.parse(text) else {
            preconditionFailure("The default of \(name) has not the form of its values.")
        }
        self.form = form
        self.defaultValue = value
        self.setting = Setting(
            name: name,
            meaning: meaning,
            expected: form.expected,
            defaultText: text,
            isSecret: false,
            isQuotable: form.isQuotable
        )
    }
}
