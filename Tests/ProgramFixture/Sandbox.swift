import Foundation

/// A MESH sandbox with full authentication, as `scripts/with-sandbox` runs it, for as long as this value lives.
package final class Sandbox: Sendable {
    package let url: String
    private let input: Pipe

    /// Starts it, and returns when it answers.
    /// - Parameter mailboxes: beside its own.
    package init(mailboxes: [String] = []) async throws {
        // The sandbox lives as long as its stdin is open: it ends with this process in any case.
        let (input, output) = (Pipe(), Pipe())
        let process = Process()
        process.executableURL = URL(filePath: "\(Place.root)/scripts/with-sandbox")
        process.arguments = ["sh", "-c", "echo \"$SANDBOX_URL\"; exec cat"]
        process.environment = ProcessInfo.processInfo.environment.merging([
            "TEST_PYTHON": try Place.python(), "AUTH_MODE": "full", "STORE_MODE": "file", "SHARED_KEY": "TestKey",
            "SANDBOX_MAILBOXES": mailboxes.joined(separator: " "),
        ]) { $1 }
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let text = try await ChildProcess.onThread { [reading = output.fileHandleForReading] in
            String(decoding: reading.availableData, as: UTF8.self)
        }
        guard text.hasSuffix("\n") else { throw Missing("scripts/with-sandbox did not start a sandbox.") }
        url = String(text.dropLast())
        self.input = input
    }

    deinit {
        try? input.fileHandleForWriting.close()
    }
}
