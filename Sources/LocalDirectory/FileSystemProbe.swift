import Glibc

/// Why a file system can't hold messages, to follow "it can't keep messages safely".
struct UnfitFileSystem: Error {
    var reason: String
}

/// What a file system was seen to do, in a folder where it does not matter.
struct FileSystemProbe {
    /// The first way to place a file that works and does not replace another one.
    var placement = Placement.rename
    var unfit: UnfitFileSystem?

    init(_ temporary: TemporaryFolder, placements: [Placement]) throws(SystemError) {
        guard try Self.locksExclude(temporary) else {
            unfit = UnfitFileSystem(reason: "its locks exclude nobody")
            return
        }
        for placement in placements {
            let name = temporary.makeName()
            defer { unlinkat(temporary.folder.descriptor.number, name, 0) }
            let file = try temporary.makeFile()
            let stamp = try file.stamp()
            guard try Self.places(file, by: placement, as: name, temporary) else { continue }
            self.placement = placement
            let status = try temporary.folder.status(of: name)
            if status.flatMap({ Stamp($0.st_mtim) }) != stamp {
                unfit = UnfitFileSystem(reason: "it changes the times that files were given")
            }
            return
        }
        unfit = UnfitFileSystem(reason: "it can't give a file its name without replacing another one")
    }

    private static func locksExclude(_ temporary: TemporaryFolder) throws(SystemError) -> Bool {
        let name = temporary.makeName()
        defer { unlinkat(temporary.folder.descriptor.number, name, 0) }
        let first = try FileLock(name, in: temporary.folder)
        let second = try FileLock(name, in: temporary.folder)
        guard try first.tryExclusive() else { return false }
        return try !second.tryExclusive()
    }

    /// Whether a file gets a free name, and a taken one stays with the file that has it.
    private static func places(
        _ file: TemporaryFile,
        by placement: Placement,
        as name: String,
        _ temporary: TemporaryFolder
    ) throws(SystemError) -> Bool {
        do {
            try placement.place(file, as: name, in: temporary.folder)
        } catch  where [EINVAL, ENOSYS, ENOTSUP, EPERM, EMLINK].contains(error.code) {
            return false
        }
        do {
            try placement.place(try temporary.makeFile(), as: name, in: temporary.folder)
            return false
        } catch {
            return error.code == EEXIST
        }
    }
}
