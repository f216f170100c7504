/// What is wrong with a setting that names or unlocks the storage account.
///
/// The message says what was expected, and never holds a value that may be a secret.
package struct StorageSettingsError: Error, Sendable, Equatable, CustomStringConvertible {
    package var message: String

    package var description: String { message }

    package init(_ message: String) {
        self.message = message
    }
}
