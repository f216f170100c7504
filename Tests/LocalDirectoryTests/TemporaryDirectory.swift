import Foundation
import ProgramFixture
import StoreConformance
import Testing
import Transfer

@testable import LocalDirectory

/// A folder that is removed with its last reference, and stores of a folder in it.
final class TemporaryDirectory: StoreUnderTest {
    private let folder = TemporaryFolder()
    private let placements: [Placement]

    init(placements: [Placement] = Placement.allCases) {
        self.placements = placements
    }

    var path: String { folder.path }

    var root: String { folder.file("messages") }

    func path(_ blob: String) -> String { "\(root)/\(blob)" }

    func open() -> any BlobStore { store() }

    func store(calls: FileCalls = FileCalls()) -> DirectoryStore { store(at: root, calls: calls) }

    /// A store that waits for locks as the program does.
    func store(at path: String, calls: FileCalls = FileCalls()) -> DirectoryStore {
        DirectoryStore(path: path, sleep: { try await Task.sleep(for: $0) }, placements: placements, calls: calls)
    }

    /// Opens the root, which no other process has locked alone.
    func session() throws -> Session { try #require(try Session.open(root)) }

    func content(of name: BlobName) -> [UInt8]? { content(of: name.path) }

    func content(of blob: String) -> [UInt8]? {
        FileManager.default.contents(atPath: path(blob)).map { Array($0) }
    }

    func names() -> [String] {
        files().filter { !$0.hasPrefix(".poll-mesh-inbox/") }
    }

    /// All files below the root, those of the store's own too.
    func files() -> [String] { folder.files(below: "messages") }

    func exists(_ blob: String) -> Bool { FileManager.default.fileExists(atPath: path(blob)) }

    func remove(_ blob: String) throws { try FileManager.default.removeItem(atPath: path(blob)) }

    func makeFolder(_ blob: String) throws {
        try FileManager.default.createDirectory(atPath: path(blob), withIntermediateDirectories: true)
    }

    /// What is there, a symbolic link itself included.
    func status(_ blob: String) -> stat? {
        var status = stat()
        return lstat(path(blob), &status) == 0 ? status : nil
    }

    func kind(_ blob: String) -> FileKind? { status(blob)?.kind }

    /// Puts something there, in a folder that is made if it is missing.
    func make(_ kind: FileKind, at blob: String) throws {
        let path = path(blob)
        let parent = URL(filePath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        switch kind {
        case .file: try write("", to: blob)
        case .folder: try #require(mkdir(path, 0o700) == 0)
        case .symbolicLink: try #require(symlink("elsewhere", path) == 0)
        case .namedPipe: try #require(mkfifo(path, 0o600) == 0)
        case .socket: try #require(mknod(path, S_IFSOCK | 0o600, 0) == 0)
        // /dev/null
        case .device: try #require(mknod(path, S_IFCHR | 0o600, 0x103) == 0, "making a device needs root")
        case .unknown: Issue.record("nothing is of that kind")
        }
    }

    func write(_ text: String, to blob: String) throws {
        let url = URL(fileURLWithPath: path(blob))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }
}
