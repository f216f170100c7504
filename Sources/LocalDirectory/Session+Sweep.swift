import Glibc

extension Session {
    /// Removes what stopped processes left behind: all temporary files, and the metadata of folders that hold no
    /// blobs any more. To be called by a process that knows it is the only one. What can't be removed is left for the
    /// next one.
    ///
    /// Metadata in a folder that still holds blobs stays, also where its own blob is gone: comparing all names would
    /// make each run slower with every message that was ever stored.
    static func sweep(temporary: Folder, metadata: Folder, root: Folder, _ abandonment: Abandonment) {
        for (name, isFolder) in contents(of: temporary) where !isFolder && !abandonment.isDeclared {
            try? temporary.remove(name)
        }
        sweepMetadata(metadata, of: root, depth: 0, abandonment)
    }

    /// No blob's name has more folders: with one character each they are half of the longest name.
    private static let deepest = 512

    /// - Parameter blobs: the folder of the blobs, `nil` when it is gone.
    private static func sweepMetadata(_ metadata: Folder, of blobs: Folder?, depth: Int, _ abandonment: Abandonment) {
        if depth > deepest || abandonment.isDeclared { return }
        let hasBlobs = blobs.map(holdsFiles) ?? false
        for (name, isFolder) in contents(of: metadata) {
            if isFolder {
                guard let folder = try? metadata.folder(name) else { continue }
                switch subfolder(name, of: blobs) {
                case .missing: sweepMetadata(folder, of: nil, depth: depth + 1, abandonment)
                case .there(let blobFolder): sweepMetadata(folder, of: blobFolder, depth: depth + 1, abandonment)
                case .unknown: continue
                }
                // Fails, as it should, for a folder that is not empty.
                try? metadata.removeFolder(name)
            } else if !hasBlobs && !abandonment.isDeclared {
                try? metadata.remove(name)
            }
        }
    }

    private enum Subfolder {
        case missing
        case there(Folder)
        case unknown
    }

    private static func subfolder(_ name: String, of folder: Folder?) -> Subfolder {
        guard let folder else { return .missing }
        do {
            return .there(try folder.folder(name))
        } catch {
            return error.code == ENOENT ? .missing : .unknown
        }
    }

    /// Whether there is, or may be, anything but folders.
    private static func holdsFiles(_ folder: Folder) -> Bool {
        var found = false
        do {
            try folder.forEachName { _, isFolder in
                found = found || !isFolder
                return !found
            }
        } catch {
            return true
        }
        return found
    }

    private static func contents(of folder: Folder) -> [(name: String, isFolder: Bool)] {
        var contents: [(name: String, isFolder: Bool)] = []
        try? folder.forEachName { name, isFolder in
            contents.append((name, isFolder))
            return true
        }
        return contents
    }
}
