import Glibc

/// An open folder. Everything in it is reached from its descriptor, one plain name at a time, so that nothing outside
/// of it can be reached, whatever is renamed or linked meanwhile.
struct Folder: Sendable {
    let descriptor: Descriptor
    /// The path for messages to people; never opened again.
    let path: String

    /// Opens a folder of any path; the operator's own symbolic links are followed here.
    init(path: String) throws(SystemError) {
        let number = try system("open", path) { Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        self.init(descriptor: Descriptor(owning: number), path: path)
    }

    private init(descriptor: Descriptor, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// The path of something in the folder, for messages to people.
    func path(of name: String) -> String {
        path.hasSuffix("/") ? path + name : "\(path)/\(name)"
    }

    /// Opens a folder in this one.
    func folder(_ name: String) throws(SystemError) -> Folder {
        Folder(descriptor: try open(name, O_RDONLY | O_DIRECTORY, action: "open"), path: path(of: name))
    }

    /// Opens a file or folder in this one; a symbolic link is never followed.
    func open(_ name: String, _ flags: Int32, action: String) throws(SystemError) -> Descriptor {
        let number = try system(action, path(of: name)) {
            openat(descriptor.number, name, flags | O_NOFOLLOW | O_CLOEXEC, 0o666)
        }
        return Descriptor(owning: number)
    }

    /// Makes a folder in this one, unless there is one.
    func makeFolder(_ name: String) throws(SystemError) {
        do {
            try system("create", path(of: name)) { mkdirat(descriptor.number, name, 0o777) }
        } catch  where error.code == EEXIST {
            return
        }
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

    /// Calls the body with each name in this folder, and whether it is a folder, until it answers `false`.
    func forEachName(_ body: (_ name: String, _ isFolder: Bool) -> Bool) throws(SystemError) {
        // A descriptor of its own, since descriptors that are duplicates share their position.
        let number = try system("list", path) {
            openat(descriptor.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
        guard let stream = fdopendir(number) else {
            let code = errno
            close(number)
            throw SystemError(code: code, action: "list", path: path)
        }
        defer { closedir(stream) }
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                let code = errno
                if code == 0 { return }
                throw SystemError(code: code, action: "list", path: path)
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            if !body(name, Int(entry.pointee.d_type) == Int(DT_DIR)) { return }
        }
    }
}
