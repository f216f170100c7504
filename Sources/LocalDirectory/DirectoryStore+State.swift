import Glibc
package import Transfer

/// What a run keeps beside the blobs: files in `.poll-mesh-inbox` that are rewritten, and locks.
extension DirectoryStore {
    /// Takes a lock that one process at a time has, at once.
    /// - Parameter name: the lock's file in `.poll-mesh-inbox`; it stays there for good, since removing it would let two
    ///   processes hold locks on two files of one name.
    /// - Returns: `nil` when another process, or another lock of this one, has it.
    package func lock(_ name: String) async throws(Failure) -> RunLock? {
        let path = try Self.statePath(name)
        let lock = try await work { session, _ throws(Failure) -> RunLock? in
            try Failure.from { () throws(SystemError) in
                let lock = try FileLock(path.name, in: session.own)
                return try lock.tryExclusive() ? RunLock(lock) : nil
            }
        }
        if let lock { workers.keep(lock) }
        return lock
    }

    /// Reads a file of `.poll-mesh-inbox`.
    /// - Returns: `nil` when there is none.
    package func state(_ name: String) async throws(Failure) -> [UInt8]? {
        let path = try Self.statePath(name)
        return try await work { session, _ throws(Failure) in
            try Failure.from { () throws(SystemError) in
                try session.own.content(of: path.name, atMost: Self.longestState)
            }
        }
    }

    /// The most bytes of a file of state: a journal of a million messages has half of that.
    private static let longestState = 64 << 20

    /// Writes a file of `.poll-mesh-inbox`, in place of the one that is there: readers, and whoever comes after a
    /// crash, find all of the old or all of the new content. To be called under a lock.
    package func setState(_ name: String, to content: [UInt8]) async throws(Failure) {
        let path = try Self.statePath(name)
        try await work { session, abandonment throws(Failure) in
            try Failure.from { () throws(SystemError) in
                // What is longer could not be read again.
                guard content.count <= Self.longestState else {
                    throw SystemError(
                        code: EFBIG,
                        action: "write",
                        path: session.own.path(of: path.name),
                        obstacle: .tooLarge(limit: Self.longestState)
                    )
                }
                try session.replace(path.name, with: content, abandonment)
            }
        }
    }

    private static func statePath(_ name: String) throws(Failure) -> BlobPath {
        // A slash gives an empty name, which is refused.
        try BlobPath(BlobName("\(Session.folderName)/\(name.contains("/") ? "" : name)"))
    }
}

/// A lock that ends with its last reference, however the process ends.
package struct RunLock: Sendable {
    let lock: FileLock

    init(_ lock: FileLock) {
        self.lock = lock
    }
}

extension Session {
    /// Writes a file of ``own``, in one step.
    fileprivate func replace(_ name: String, with content: [UInt8], _ abandonment: Abandonment) throws(SystemError) {
        let file = try temporary.makeFile()
        try file.write(content)
        try file.sync()
        try abandonment.check("replace", own.path(of: name))
        try system("replace", own.path(of: name)) {
            renameat(temporary.folder.descriptor.number, file.name, own.descriptor.number, name)
        }
        file.markPlaced()
        try own.sync()
    }
}
