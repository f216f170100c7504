internal import Transfer

extension BlobName {
    /// Refuses names that the service, or a URL on its way there, would refuse or change.
    func check() throws(Failure) {
        guard let problem else { return }
        throw Failure(
            service: .storage,
            kind: .permanent,
            type: "invalid_blob_name",
            message: "A blob can't be stored under this name: \(problem)."
        )
    }

    private var problem: String? {
        if path.isEmpty {
            return "it is empty"
        }
        if path.utf16.count > 1024 {
            return "it has more than 1024 characters"
        }
        if path.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) }) {
            return "it has control characters"
        }
        if path.hasSuffix(".") || path.hasSuffix("/") {
            return "it ends with a dot or a slash"
        }
        if path.split(separator: "/", omittingEmptySubsequences: false).contains(where: { $0 == "." || $0 == ".." }) {
            return "it has a folder named . or .."
        }
        return nil
    }
}
