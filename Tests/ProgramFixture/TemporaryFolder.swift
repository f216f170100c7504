import Foundation

/// A folder that is gone, with all that is in it, when the last reference is.
package final class TemporaryFolder: Sendable {
    package let path: String

    /// - Parameter isInMemory: whether it is to be in memory where that is possible: thousands of syncs to a disk take
    ///   minutes, and no test takes power away.
    package init(isInMemory: Bool = false) {
        let memory = isInMemory && access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        let base = ProcessInfo.processInfo.environment["TMPDIR"] ?? memory
        path = "\(base)/poll-mesh-inbox-\(UUID().uuidString)"
        precondition(mkdir(path, 0o700) == 0, "no folder could be made in \(base)")
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Where a file or folder of this name is, or would be.
    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The content of a file, as UTF-8; nil where there is none.
    package func text(of name: String) -> String? {
        FileManager.default.contents(atPath: file(name)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The paths of the files below a folder of this one, sorted; none where there is no such folder.
    package func files(below name: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: file(name))?.compactMap { $0 as? String } ?? []
        return names.filter { !isFolder("\(path)/\(name)/\($0)") }.sorted()
    }

    private func isFolder(_ path: String) -> Bool {
        var isFolder = ObjCBool(false)
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
