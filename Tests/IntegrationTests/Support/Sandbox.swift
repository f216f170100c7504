import Foundation
import Testing

/// A MESH sandbox with full authentication, as `scripts/with-sandbox` runs it.
struct Sandbox: Sendable {
    /// A message that was sent to a mailbox of the sandbox.
    struct Sent: Decodable, Sendable {
        var id: String
        var length: Int?
        var sha256: String?
        var fileName: String?
        var isReport: Bool?
    }

    /// The one of the suite that runs.
    @TaskLocal static var current: Sandbox?

    let url: String

    /// Sends messages of many sizes to a mailbox, with the official client.
    func send(to mailbox: String) async throws -> [Sent] {
        try await Python.run("sandbox_messages.py", ["send", url, mailbox])
    }

    /// The ids in a mailbox, by the official client.
    func list(_ mailbox: String) async throws -> [String] {
        try await Python.run("sandbox_messages.py", ["list", url, mailbox])
    }

    /// What leads the program to a mailbox.
    func settings(_ mailbox: String) -> [String: String] {
        [
            "MESH_BASE_URL": url,
            "MESH_MAILBOX_ID": mailbox,
            "MESH_PASSWORD": "password",
            "MESH_SHARED_KEY": "TestKey",
        ]
    }
}

/// Starts a sandbox before the first test of a suite and stops it after the last one, ``Sandbox/current`` in between.
struct SandboxTrait: SuiteTrait, TestScoping {
    let mailboxes: [String]

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        // The sandbox lives as long as its stdin is open: it ends with this process in any case.
        let input = Pipe()
        let output = Pipe()
        let process = Process()
        process.executableURL = URL(filePath: "\(Place.root)/scripts/with-sandbox")
        process.arguments = ["sh", "-c", "echo \"$SANDBOX_URL\"; exec cat"]
        process.environment = ProcessInfo.processInfo.environment.merging([
            "TEST_PYTHON": try Place.python(), "AUTH_MODE": "full", "STORE_MODE": "file", "SHARED_KEY": "TestKey",
            "SANDBOX_MAILBOXES": mailboxes.joined(separator: " "),
        ]) { _, new in new }
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        defer {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
        let url = try await ChildProcess.onThread { [reading = output.fileHandleForReading] in
            String(decoding: reading.availableData, as: UTF8.self)
        }
        guard url.hasSuffix("\n") else { throw Missing("scripts/with-sandbox did not start a sandbox.") }
        try await Sandbox.$current.withValue(Sandbox(url: String(url.dropLast()))) { try await function() }
    }
}

extension Trait where Self == SandboxTrait {
    /// A sandbox for the suite, with these mailboxes beside its own.
    static func sandbox(mailboxes: String...) -> SandboxTrait { SandboxTrait(mailboxes: mailboxes) }
}
