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
        if path.utf8.last == UInt8(ascii: ".") || path.utf8.last == UInt8(ascii: "/") {
            return "it ends with a dot or a slash"
        }
        if hasDotFolder {
            return "it has a folder named . or .."
        }
        return nil
    }

    /// Whether a part between slashes is `.` or `..`. A name ends with neither.
    private var hasDotFolder: Bool {
        var (length, dots) = (0, 0)
        for byte in path.utf8 {
            if byte == UInt8(ascii: "/") {
                if length == dots && (1...2).contains(dots) { return true }
                (length, dots) = (0, 0)
            } else {
                length += 1
                if byte == UInt8(ascii: ".") { dots += 1 }
            }
        }
        return false
    }
}
