import Glibc

extension Folder {
    /// Opens the folder that an operator named, creating it and its parents where they are missing.
    static func root(_ path: String) throws(SystemError) -> Folder {
        do {
            let folder = try Folder(path: path)
            folder.syncParent()
            return folder
        } catch  where error.code == ENOENT {
            return try made(path)
        } catch  where error.code == ENOTDIR {
            throw blocked(error)
        }
    }

    private static func made(_ path: String) throws(SystemError) -> Folder {
        let parent = try Folder.root(parent(of: path))
        do {
            try system("create", path) { mkdir(path, Modes.newRoot) }
        } catch  where error.code == EEXIST {
            // Another process made it meanwhile, or it is a symbolic link to nowhere: opening it tells.
        } catch  where [ENOENT, EACCES, EPERM, EROFS].contains(error.code) {
            throw SystemError(code: error.code, action: error.action, path: path, obstacle: .missingRoot)
        }
        try parent.sync()
        do {
            return try Folder(path: path)
        } catch  where error.code == ENOENT {
            throw SystemError(code: ELOOP, action: "open", path: path, obstacle: .notARoot(.symbolicLink))
        }
    }

    /// Says what stands on the way to a root.
    private static func blocked(_ error: SystemError) -> SystemError {
        var path = error.path
        var status = stat()
        // The first of the folders above that can be looked at is the one that is none.
        while stat(path, &status) != 0 {
            guard errno == ENOTDIR, path != parent(of: path) else { return error }
            path = parent(of: path)
        }
        if status.kind == .folder { return error }
        return SystemError(code: error.code, action: error.action, path: path, obstacle: .notARoot(status.kind))
    }

    /// Makes this folder's own name survive a loss of power, in case that a process made it and was stopped at once.
    /// Where the parent can't be read, no process of this user made it.
    private func syncParent() {
        guard let parent = try? folder("..") else { return }
        fsync(parent.descriptor.number)
    }

    /// The path of the folder that holds the last component of a path.
    private static func parent(of path: String) -> String {
        var characters = path.utf8[...]
        while characters.last == UInt8(ascii: "/") { characters.removeLast() }
        guard let slash = characters.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        let parent = characters[..<slash]
        return parent.isEmpty ? "/" : String(Substring(parent))
    }
}
