import Glibc
import Transfer

extension Session {
    /// The lock's path below a root, for messages to people.
    static func lockPath(_ root: String) -> String { "\(root)/\(folderName)/\(lockName)" }

    /// Opens a root, creating it if it is missing, proves that its file system can do what is needed, and removes what
    /// stopped processes left behind.
    /// - Returns: `nil` while another process has the root locked alone.
    static func open(
        _ path: String,
        placements: [Placement] = Placement.allCases,
        calls: FileCalls = FileCalls(),
        _ abandonment: Abandonment = Abandonment()
    ) throws(Failure) -> Session? {
        let result: Result<Session?, UnfitFileSystem>
        do {
            result = try openFit(path, placements, calls, abandonment)
        } catch {
            var failure = Failure(error)
            // Here it is not about one message: nothing works until the folder is another one.
            if failure.kind == .permanent || error.code == ENOENT { failure.kind = .settings }
            throw failure
        }
        do {
            return try result.get()
        } catch {
            throw Failure(
                service: .storage,
                kind: .settings,
                type: "unfit_file_system",
                message: "The file system of \(path) can't keep messages safely: \(error.reason).",
                advice: "Choose a STORAGE_DIRECTORY on a native file system of Linux, such as ext4, XFS or NFS."
            )
        }
    }

    private static func openFit(
        _ path: String,
        _ placements: [Placement],
        _ calls: FileCalls,
        _ abandonment: Abandonment
    ) throws(SystemError) -> Result<Session?, UnfitFileSystem> {
        let root = try Folder.root(path)
        let own = try make(folderName, in: root)
        let temporary = TemporaryFolder(try make(temporaryName, in: own), calls: calls)
        root.modes.share(temporary.folder)
        let metadata = try make(metadataName, in: own)
        let lock = try FileLock(lockName, in: own)
        // Whoever has the lock alone knows that no other process has temporary files, or metadata whose data is to
        // come.
        let isAlone = try lock.tryExclusive()
        if !isAlone {
            guard try lock.tryShared() else { return .success(nil) }
        }
        let probe = try FileSystemProbe(temporary, placements: placements)
        if let unfit = probe.unfit { return .failure(unfit) }
        if isAlone {
            sweep(temporary: temporary.folder, metadata: metadata, root: root, abandonment)
            guard try lock.tryShared() else { return .success(nil) }
        }
        return .success(
            Session(
                root: root,
                own: own,
                temporary: temporary,
                metadata: metadata,
                placement: probe.placement,
                lock: lock
            )
        )
    }

    /// Makes a folder of ours, or opens it; either way its name survives a loss of power.
    private static func make(_ name: String, in parent: Folder) throws(SystemError) -> Folder {
        try parent.makeFolder(name)
        let folder = try parent.folder(name)
        try parent.sync()
        return folder
    }
}
