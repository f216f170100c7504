import Glibc

/// A lock on a whole file, `flock`, which ends with its last reference, however the process ends.
final class FileLock: Sendable {
    private let descriptor: Descriptor
    private let path: String

    /// Opens the file that stands for the lock, creating it if it is missing; nothing is locked yet.
    init(_ name: String, in folder: Folder) throws(SystemError) {
        self.descriptor = try folder.open(name, O_RDWR | O_CREAT, action: "open")
        self.path = folder.path(of: name)
    }

    deinit {
        // Closing alone leaves it locked while a child, between its fork and its exec, has the file open too.
        flock(descriptor.number, LOCK_UN)
    }

    /// Takes the lock alone, at once.
    /// - Returns: `false` when anybody else holds it.
    func tryExclusive() throws(SystemError) -> Bool {
        do {
            try system("lock", path) { flock(descriptor.number, LOCK_EX | LOCK_NB) }
            return true
        } catch  where error.code == EWOULDBLOCK {
            return false
        } catch  where [EINVAL, ENOTSUP, EBADF].contains(error.code) {
            throw SystemError(code: ENOLCK, action: "lock", path: path)
        }
    }

    /// Takes the lock together with others, or turns an exclusive one into that; waits for an exclusive one of others.
    func share() throws(SystemError) {
        try system("lock", path) { flock(descriptor.number, LOCK_SH) }
    }
}
