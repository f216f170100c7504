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

    func write(_ text: String, to blob: String) throws {
        let url = URL(fileURLWithPath: path(blob))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }
}
