import Glibc

/// Who may use the files and folders that this store makes, besides the user that it runs as: nobody, unless the root's own
/// mode lets the group or others in.
///
/// Others are never let write. A umask takes away more, as always, but for one thing: that the group may not write is what
/// most processes begin with (022), and no choice of anybody's, so that there the root's mode counts. It does not where the
/// umask keeps the group from reading, too.
struct Modes: Sendable, Equatable {
    var file: mode_t
    var folder: mode_t
    /// The group of the root where that is set on what is made in it.
    var group: gid_t?

    /// For a folder that is not there yet, and those above it.
    static let newRoot: mode_t = 0o700

    /// - Parameter root: the root as it was found.
    init(root: stat) {
        file = 0o600 | root.st_mode & 0o064
        folder = 0o700 | root.st_mode & 0o075
        group = root.st_mode & S_ISGID != 0 ? root.st_gid : nil
    }

    /// Lets the group write what was just made, as far as the root says so.
    func widen(_ descriptor: Descriptor) {
        guard file & S_IWGRP != 0, let status = try? descriptor.status(of: "") else { return }
        let mode = status.st_mode & 0o7777
        // It is more than anybody relies on: file systems without modes of their own may refuse it.
        if mode & S_IRGRP != 0 && mode & S_IWGRP == 0 { fchmod(descriptor.number, mode | S_IWGRP) }
    }

    /// Has files that are made in a folder belong to the root's group, also where the folder is older than that choice.
    func share(_ folder: Folder) {
        guard let group, let status = try? folder.descriptor.status(of: "") else { return }
        if status.st_gid == group && status.st_mode & S_ISGID != 0 { return }
        if fchown(folder.descriptor.number, uid_t.max, group) == 0 {
            fchmod(folder.descriptor.number, status.st_mode & 0o7777 | S_ISGID)
        }
    }
}
