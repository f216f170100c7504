import Synchronization

/// The folder of files that are being written, with names that no other process gives.
final class TemporaryFolder: Sendable {
    let folder: Folder
    private let calls: FileCalls
    private let prefix = String(UInt64.random(in: 0 ... .max), radix: 36)
    private let counter = Atomic<UInt64>(0)

    init(_ folder: Folder, calls: FileCalls) {
        self.folder = folder
        self.calls = calls
    }

    func makeName() -> String {
        "\(prefix)-\(counter.wrappingAdd(1, ordering: .relaxed).newValue)"
    }

    func makeFile() throws(SystemError) -> TemporaryFile {
        try TemporaryFile(makeName(), in: folder, calls: calls)
    }
}
