import Glibc
import Synchronization

/// The open folders of a root that was found fit for messages, for as long as a process stores into it.
///
/// Below the root, beside the blobs:
/// ```
/// .poll-mesh-inbox/
///     in-use.lock   locked by every process that has the folder open: alone while it cleans up, shared afterwards
///     tmp/          files that are being written
///     metadata/     {blob}.{time}.json, a tree of the same folders as the blobs' own, see ``Stamp``
/// ```
final class Session: Sendable {
    static let folderName = ".poll-mesh-inbox"
    static let temporaryName = "tmp"
    static let metadataName = "metadata"
    static let lockName = "in-use.lock"
    /// What blobs can't be named in ``folderName``.
    static let reservedNames: Set<String> = [temporaryName, metadataName, lockName]

    let root: Folder
    /// ``folderName`` in the root.
    let own: Folder
    let temporary: TemporaryFolder
    let metadata: Folder
    let placement: Placement
    private let lock: FileLock
    private let durable = Mutex<Set<FolderIdentity>>([])

    init(
        root: Folder,
        own: Folder,
        temporary: TemporaryFolder,
        metadata: Folder,
        placement: Placement,
        lock: FileLock
    ) {
        self.root = root
        self.own = own
        self.temporary = temporary
        self.metadata = metadata
        self.placement = placement
        self.lock = lock
    }

    /// Opens a folder below another one, creating what is missing, so that it survives a loss of power from here on.
    func folder(_ names: [String], in top: Folder) throws(SystemError) -> Folder {
        var folder = top
        for name in names {
            let child: Folder
            do {
                child = try folder.folder(name)
            } catch  where error.code == ENOENT {
                try folder.makeFolder(name)
                child = try folder.folder(name)
            }
            try makeDurable(child, in: folder)
            folder = child
        }
        return folder
    }

    /// Opens a folder below another one.
    /// - Returns: `nil` when there is none.
    func existingFolder(_ names: [String], in top: Folder) throws(SystemError) -> Folder? {
        var folder = top
        for name in names {
            let child: Folder
            do {
                child = try folder.folder(name)
            } catch  where error.code == ENOENT {
                return nil
            }
            try makeDurable(child, in: folder)
            folder = child
        }
        return folder
    }

    /// Syncs the parent of a folder that this process has not seen before, also where another one made it: that one may
    /// have been stopped before its own sync.
    private func makeDurable(_ folder: Folder, in parent: Folder) throws(SystemError) {
        let identity = try FolderIdentity(folder)
        if durable.withLock({ $0.contains(identity) }) { return }
        try parent.sync()
        _ = durable.withLock { $0.insert(identity) }
    }
}

private struct FolderIdentity: Hashable {
    var device: dev_t
    var number: ino_t

    init(_ folder: Folder) throws(SystemError) {
        let status = try folder.descriptor.status(of: folder.path)
        self.device = status.st_dev
        self.number = status.st_ino
    }
}
