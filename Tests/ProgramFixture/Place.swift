import Foundation

/// Paths of the project and of what the tests use of it.
package enum Place {
    private static let environment = ProcessInfo.processInfo.environment

    /// The project's root.
    package static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path()

    /// A variable of the tests' own environment; nil where it is empty.
    package static func variable(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The program: POLL_MESH_INBOX_BINARY, or what was built with the tests.
    package static func binary() throws -> String {
        if let path = variable("POLL_MESH_INBOX_BINARY") { return try executable(path) }
        return try product("poll-mesh-inbox")
    }

    /// An executable that was built with the tests.
    package static func product(_ name: String) throws -> String {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let beside = URL(filePath: tests).deletingLastPathComponent().appending(path: name).path()
        let candidates = [beside, "\(root)/.build/release/\(name)", "\(root)/.build/debug/\(name)"]
        guard let path = candidates.first(where: FileManager.default.isExecutableFile) else {
            throw Missing("\(name) is not built: run `swift build --build-tests`.")
        }
        return path
    }

    /// The static binary: POLL_MESH_INBOX_STATIC_BINARY, or what `make static` made; nil where there is none.
    package static func staticBinary() throws -> String? {
        if let path = variable("POLL_MESH_INBOX_STATIC_BINARY") { return try executable(path) }
        let path = "\(root)/dist/poll-mesh-inbox"
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }

    /// Whether the static binary is tested: where it was built, and in CI, which builds it first.
    package static var wantsStaticBinary: Bool {
        variable("CI") == "true" || variable("POLL_MESH_INBOX_STATIC_BINARY") != nil || (try? staticBinary()) != nil
    }

    /// A Python with the packages of scripts/requirements.txt.
    package static func python() throws -> String {
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
package struct Missing: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
