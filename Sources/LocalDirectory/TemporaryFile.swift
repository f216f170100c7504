import Glibc
import Synchronization

/// A file that is being written where no consumer looks, removed with its last reference unless it was placed.
final class TemporaryFile: Sendable {
    let folder: Folder
    let name: String
    let descriptor: Descriptor
    let calls: FileCalls
    private let syncFailed = Atomic(false)
    private let placed = Atomic(false)

    init(_ name: String, in folder: Folder, calls: FileCalls) throws(SystemError) {
        self.folder = folder
        self.name = name
        self.calls = calls
        self.descriptor = try folder.makeFile(name)
    }

    deinit {
        if !isPlaced { unlinkat(folder.descriptor.number, name, 0) }
    }

    var path: String { folder.path(of: name) }

    /// A sync failed. What the kernel then still holds may never reach the device, though a second sync can succeed.
    var isBroken: Bool { syncFailed.load(ordering: .relaxed) }

    /// The file has its final name and no other.
    var isPlaced: Bool { placed.load(ordering: .relaxed) }

    func markPlaced() {
        placed.store(true, ordering: .relaxed)
    }

    /// Writes all of the bytes. Several threads may write different places.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) {
        // The end has to be a place in a file, too.
        let (end, overflow) = offset.addingReportingOverflow(UInt64(bytes.count))
        guard !overflow, off_t(exactly: end) != nil, let start = off_t(exactly: offset) else {
            throw SystemError(code: EFBIG, action: "write", path: path)
        }
        var written = 0
        while written < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
            let count = calls.write(descriptor.number, rest, start + off_t(written))
            if count > 0 {
                written += count
            } else {
                let code = count == 0 ? EIO : errno
                if code != EINTR { throw SystemError(code: code, action: "write", path: path) }
            }
        }
    }

    /// Writes all of the bytes to the front.
    func write(_ bytes: [UInt8]) throws(SystemError) {
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(SystemError) in try write(bytes, at: 0) }
        }
        try result.get()
    }

    /// Cuts or stretches the file to a length.
    func truncate(to length: UInt64) throws(SystemError) {
        guard let length = off_t(exactly: length) else {
            throw SystemError(code: EFBIG, action: "truncate", path: path)
        }
        try system("truncate", path) { ftruncate(descriptor.number, length) }
    }

    /// Makes the content survive a loss of power.
    func sync() throws(SystemError) {
        do {
            try system("sync", path) { calls.sync(descriptor.number) }
        } catch {
            syncFailed.store(true, ordering: .relaxed)
            throw error
        }
    }

    func length() throws(SystemError) -> UInt64 { try status().length(of: path) }

    func status() throws(SystemError) -> stat { try descriptor.status(of: path) }

    /// Fixes the time of the last change and makes it, with the content, survive a loss of power. Nothing may be
    /// written after it.
    /// - Parameter wanted: the time to set; without it the one that the file has. It is always set anew, since network
    ///   file systems change a time later on that they gave themselves.
    /// - Returns: the time as the file system keeps it.
    func stamp(_ wanted: Stamp? = nil) throws(SystemError) -> Stamp {
        let stamp: Stamp
        if let wanted { stamp = wanted } else { stamp = try lastChange() }
        let time = timespec(tv_sec: stamp.seconds, tv_nsec: stamp.nanoseconds)
        let accessedAndModified = [time, time]
        try system("set the time of", path) { futimens(descriptor.number, accessedAndModified) }
        try sync()
        return try lastChange()
    }

    private func lastChange() throws(SystemError) -> Stamp {
        guard let stamp = Stamp(try status().st_mtim) else {
            throw SystemError(code: EOVERFLOW, action: "look at", path: path)
        }
        return stamp
    }
}
