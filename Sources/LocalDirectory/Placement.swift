import Glibc

/// How a finished file gets its final name, in one step and never in place of another file.
enum Placement: Sendable, CaseIterable {
    /// `renameat2` with `RENAME_NOREPLACE`: ext4, XFS, Btrfs, tmpfs, overlay, SMB.
    case rename
    /// `linkat`, then removal of the temporary name: NFS, and every other one with hard links.
    case link

    /// Gives a file its final name.
    /// - Throws: `EEXIST` where the name is taken.
    func place(_ file: TemporaryFile, as name: String, in folder: Folder) throws(SystemError) {
        switch self {
        case .rename:
            try system("create", folder.path(of: name)) {
                file.calls.rename(file.folder.descriptor.number, file.name, folder.descriptor.number, name)
            }
        case .link:
            do {
                try system("create", folder.path(of: name)) {
                    linkat(file.folder.descriptor.number, file.name, folder.descriptor.number, name, 0)
                }
            } catch  where error.code == EEXIST {
                // NFS sends a request again whose answer was lost, and then finds the link that it made itself.
                let mine = try file.status()
                guard let there = try folder.status(of: name), there.st_dev == mine.st_dev, there.st_ino == mine.st_ino
                else { throw error }
            }
            unlinkat(file.folder.descriptor.number, file.name, 0)
        }
        file.markPlaced()
    }
}
