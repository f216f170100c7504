import Glibc

/// A lock on a whole file, `flock`, which ends with its last reference, however the process ends.
final class FileLock: Sendable {
    private let descriptor: Descriptor
    let path: String

    /// Opens the file that stands for the lock, creating it if it is missing; nothing is locked yet.
    init(_ name: String, in folder: Folder) throws(SystemError) {
        self.descriptor = try Self.file(name, in: folder)
        self.path = folder.path(of: name)
    }

    deinit {
        // Closing alone leaves it locked while a child, between its fork and its exec, has the file open too.
        flock(descriptor.number, LOCK_UN)
    }

    /// Takes the lock alone, at once.
    /// - Returns: `false` when anybody else holds it.
    func tryExclusive() throws(SystemError) -> Bool { try take(LOCK_EX) }

    /// Takes the lock together with others, or turns an exclusive one into that, at once.
    /// - Returns: `false` when somebody else holds it alone; then it is not held here any more.
    func tryShared() throws(SystemError) -> Bool { try take(LOCK_SH) }

    private func take(_ kind: Int32) throws(SystemError) -> Bool {
        do {
            try system("lock", path) { flock(descriptor.number, kind | LOCK_NB) }
            return true
        } catch  where error.code == EWOULDBLOCK {
            return false
        } catch  where [EINVAL, ENOTSUP, EBADF].contains(error.code) {
            throw SystemError(code: ENOLCK, action: "lock", path: path)
        }
    }

    private static func file(_ name: String, in folder: Folder) throws(SystemError) -> Descriptor {
        do {
            return try folder.file(name, O_RDWR, action: "open")
        } catch  where error.code == ENOENT {
            do {
                return try folder.makeFile(name)
            } catch  where error.code == EEXIST {
                // Another process made it meanwhile.
                return try folder.file(name, O_RDWR, action: "open")
            }
        }
    }
}
