import Transfer

/// A blob's name, proven to be a path that stays below the root.
struct BlobPath: Sendable, Equatable {
    /// The folders on the way, from the root.
    var folders: [String]
    /// The name of the file.
    var name: String

    /// The longest name of a folder, in bytes, that file systems of Linux take.
    static let longestFolderName = 255
    /// The longest name of a file, in bytes: its metadata has a longer name, see ``Stamp/metadataName(of:)``.
    static let longestName = 255 - Stamp.longestSuffix

    /// Takes a blob's name apart.
    /// - Throws: ``Failure/Kind/permanent`` for an absolute path, an empty, too long, `.` or `..` component, a NUL, and
    ///   what this store keeps for itself.
    init(_ blob: BlobName) throws(Failure) {
        var components = blob.path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if let problem = Self.problem(components) {
            throw Failure(
                service: .storage,
                kind: .permanent,
                type: "invalid_name",
                message: "The blob name \(blob.path.debugDescription) can't be a file: \(problem).",
                advice: "Check BLOB_PREFIX."
            )
        }
        self.name = components.removeLast()
        self.folders = components
    }

    private static func problem(_ components: [String]) -> String? {
        for (index, component) in components.enumerated() {
            let isLast = index == components.count - 1
            if component.isEmpty { return "it begins or ends with a slash, or has two in a row" }
            if component == "." || component == ".." { return "it has a component \(component)" }
            if component.utf8.contains(0) { return "it has a NUL" }
            if component.utf8.count > (isLast ? longestName : longestFolderName) {
                return "a component is longer than \(isLast ? longestName : longestFolderName) bytes"
            }
        }
        if components[0] == Session.folderName, components.count == 1 || Session.reservedNames.contains(components[1]) {
            return "the name is reserved"
        }
        return nil
    }
}
