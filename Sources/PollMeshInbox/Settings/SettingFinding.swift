/// Something about the settings that a user should know: a problem that ends the run, or a warning.
///
/// It never holds the value of a secret.
package struct SettingFinding: Sendable, Equatable {
    /// The setting that it is about: the one to change first.
    package let setting: String
    /// What is found, in one sentence.
    package let statement: String
    /// The way out, in one sentence.
    package let advice: String
    /// Whole days until the certificate ends that it is about.
    package var expiresInDays: Int?
}

extension SettingFinding: CustomStringConvertible {
    package var description: String { "\(statement) \(advice)" }
}
