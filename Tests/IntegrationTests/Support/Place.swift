import Foundation

/// Paths of the project and of what the tests use of it.
enum Place {
    private static let environment = ProcessInfo.processInfo.environment

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    /// The project's root.
    static let root = folder.deletingLastPathComponent().deletingLastPathComponent().path()

    /// A file beside the tests.
    static func script(_ name: String) -> String { folder.appending(path: name).path() }

    /// A variable of the tests' own environment; nil where it is empty.
    static func variable(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The program: POLL_MESH_INBOX_BINARY, or what was built with the tests.
    static func binary() throws -> String {
        if let path = variable("POLL_MESH_INBOX_BINARY") { return try executable(path) }
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let beside = URL(filePath: tests).deletingLastPathComponent().appending(path: "poll-mesh-inbox").path()
        let candidates = [beside, "\(root)/.build/release/poll-mesh-inbox", "\(root)/.build/debug/poll-mesh-inbox"]
        guard let path = candidates.first(where: FileManager.default.isExecutableFile) else {
            throw Missing("poll-mesh-inbox is not built: run `swift build`, or set POLL_MESH_INBOX_BINARY.")
        }
        return path
    }

    /// The static binary: POLL_MESH_INBOX_STATIC_BINARY, or what `make static` made; nil where there is none.
    static func staticBinary() throws -> String? {
        if let path = variable("POLL_MESH_INBOX_STATIC_BINARY") { return try executable(path) }
        let path = "\(root)/dist/poll-mesh-inbox"
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }

    /// Whether the static binary is tested: where it was built, and in CI, which builds it first.
    static var wantsStaticBinary: Bool {
        variable("CI") == "true" || variable("POLL_MESH_INBOX_STATIC_BINARY") != nil || (try? staticBinary()) != nil
    }

    /// A Python with the packages of scripts/requirements.txt.
    static func python() throws -> String {
        let path = variable("TEST_PYTHON") ?? "\(root)/.venv/bin/python"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Missing("\(path) is missing: run scripts/create-venv, or set TEST_PYTHON.")
        }
        return path
    }

    private static func executable(_ path: String) throws -> String {
        guard FileManager.default.isExecutableFile(atPath: path) else { throw Missing("\(path) is no program.") }
        return path
    }
}

/// Something that the tests need is not there.
struct Missing: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
