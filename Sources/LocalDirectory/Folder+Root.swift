import Glibc

extension Folder {
    /// Opens the folder that an operator named, creating it and its parents where they are missing.
    static func root(_ path: String) throws(SystemError) -> Folder {
        do {
            let folder = try Folder(path: path)
            folder.syncParent()
            return folder
        } catch  where error.code == ENOENT {
            let parent = try Folder.root(parent(of: path))
            do {
                try system("create", path) { mkdir(path, 0o777) }
            } catch  where error.code == EEXIST {
                // Another process made it meanwhile, or it is a symbolic link to nowhere: opening it tells.
            }
            try parent.sync()
            do {
                return try Folder(path: path)
            } catch  where error.code == ENOENT {
                throw SystemError(code: ELOOP, action: "open", path: path)
            }
        }
    }

    /// Makes this folder's own name survive a loss of power, in case that a process made it and was stopped at once.
    /// Where the parent can't be read, no process of this user made it.
    private func syncParent() {
        guard let parent = try? open("..", O_RDONLY | O_DIRECTORY, action: "open") else { return }
        fsync(parent.number)
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
