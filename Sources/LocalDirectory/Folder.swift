import Glibc

/// An open folder. Everything in it is reached from its descriptor, one plain name at a time, so that nothing outside
/// of it can be reached, whatever is renamed or linked meanwhile.
struct Folder: Sendable {
    let descriptor: Descriptor
    /// The path for messages to people; never opened again.
    let path: String
    /// What is made in it.
    let modes: Modes

    /// Every open has these: a named pipe or a device would be waited for else, a link followed, and a terminal taken.
    static let careful = O_CLOEXEC | O_NONBLOCK | O_NOCTTY

    /// Opens a folder of any path; the operator's own symbolic links are followed here.
    init(path: String) throws(SystemError) {
        let number = try system("open", path) { Glibc.open(path, O_RDONLY | O_DIRECTORY | Self.careful) }
        let descriptor = Descriptor(owning: number)
        self.init(descriptor: descriptor, path: path, modes: Modes(root: try descriptor.status(of: path)))
    }

    private init(descriptor: Descriptor, path: String, modes: Modes) {
        self.descriptor = descriptor
        self.path = path
        self.modes = modes
    }

    /// The path of something in the folder, for messages to people.
    func path(of name: String) -> String {
        path.hasSuffix("/") ? path + name : "\(path)/\(name)"
    }

    /// Opens a folder in this one; a symbolic link is never followed.
    func folder(_ name: String) throws(SystemError) -> Folder {
        do {
            let descriptor = try open(name, O_RDONLY | O_DIRECTORY, action: "open")
            return Folder(descriptor: descriptor, path: path(of: name), modes: modes)
        } catch  where [ENOTDIR, ELOOP].contains(error.code) {
            guard let kind = try status(of: name)?.kind, kind != .folder else { throw error }
            throw SystemError(code: error.code, action: "open", path: error.path, obstacle: .notAFolder(kind))
        }
    }

    /// Opens a file in this one that is there; a symbolic link is never followed.
    /// - Throws: `ENOENT` where nothing is, and ``SystemError/Obstacle/notAFile(_:)``.
    func file(_ name: String, _ flags: Int32, action: String) throws(SystemError) -> Descriptor {
        // Before it is opened, which alone has an effect on some devices.
        if let status = try status(of: name) { try requireFile(status, name, action) }
        let descriptor = try open(name, flags, action: action)
        try requireFile(try descriptor.status(of: path(of: name)), name, action)
        return descriptor
    }

    /// Makes a file in this one, open for reading and writing.
    /// - Throws: `EEXIST` where the name is taken.
    func makeFile(_ name: String) throws(SystemError) -> Descriptor {
        let descriptor = try open(name, O_RDWR | O_CREAT | O_EXCL, action: "create")
        modes.widen(descriptor)
        return descriptor
    }

    private func requireFile(_ status: stat, _ name: String, _ action: String) throws(SystemError) {
        if status.kind == .file { return }
        throw SystemError(code: ENOTSUP, action: action, path: path(of: name), obstacle: .notAFile(status.kind))
    }

    private func open(_ name: String, _ flags: Int32, action: String) throws(SystemError) -> Descriptor {
        let number = try system(action, path(of: name)) {
            openat(descriptor.number, name, flags | O_NOFOLLOW | Self.careful, modes.file)
        }
        return Descriptor(owning: number)
    }

    /// Makes a folder in this one, unless there is one.
    func makeFolder(_ name: String) throws(SystemError) {
        do {
            try system("create", path(of: name)) { mkdirat(descriptor.number, name, modes.folder) }
        } catch  where error.code == EEXIST {
            return
        }
        modes.widen(try folder(name).descriptor)
    }

    /// What is at a name, a symbolic link itself included.
    /// - Returns: `nil` when there is nothing.
    func status(of name: String) throws(SystemError) -> stat? {
        var status = stat()
        do {
            try system("look at", path(of: name)) {
                fstatat(descriptor.number, name, &status, AT_SYMLINK_NOFOLLOW)
            }
        } catch  where error.code == ENOENT {
            return nil
        }
        return status
    }

    /// Removes a file; a missing one is removed already.
    func remove(_ name: String) throws(SystemError) {
        do {
            try system("remove", path(of: name)) { unlinkat(descriptor.number, name, 0) }
        } catch  where error.code == ENOENT {
            return
        }
    }

    /// Removes a folder, which must be empty.
    func removeFolder(_ name: String) throws(SystemError) {
        try system("remove", path(of: name)) { unlinkat(descriptor.number, name, AT_REMOVEDIR) }
    }

    /// Makes the names in this folder survive a loss of power.
    func sync() throws(SystemError) {
        try system("sync", path) { fsync(descriptor.number) }
    }
}
