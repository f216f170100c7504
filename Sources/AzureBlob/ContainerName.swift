/// The checked name of a container.
package struct ContainerName: Sendable, Equatable, CustomStringConvertible {
    package let text: String

    package var description: String { text }

    /// Checks the rules of the service: 3 to 63 lower-case letters, digits and single hyphens between them.
    package init(_ text: String) throws(StorageSettingsError) {
        if text.hasPrefix("$") {
            throw StorageSettingsError(
                "The container \(text) is one of the service's own; blobs in folders can't be put there."
            )
        }
        guard (3...63).contains(text.utf8.count) else {
            throw StorageSettingsError("The container's name has \(text.utf8.count) characters; 3 to 63 are allowed.")
        }
        let isMadeOfLetters = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "-")
        }
        guard isMadeOfLetters else {
            throw StorageSettingsError("The container's name may have lower-case letters, digits and hyphens only.")
        }
        if text.hasPrefix("-") || text.hasSuffix("-") || text.contains("--") {
            throw StorageSettingsError("Hyphens in the container's name stand alone, between letters or digits.")
        }
        self.text = text
    }
}
