import Foundation

/// A MESH sandbox with full authentication, as `scripts/with-sandbox` runs it, for as long as this value lives.
package final class Sandbox: Sendable {
    package let url: String
    /// Where ca.pem, client.pem and client.key are that it needs, if it speaks TLS.
    package let certificates: TemporaryFolder?
    private let process: Process
    private let input: Pipe

    /// Starts it, and returns when it answers.
    /// - Parameters:
    ///   - mailboxes: beside its own.
    ///   - certificates: a folder with server.pem, server.key, and ca.pem, of which its clients have to have certificates.
    package init(mailboxes: [String] = [], certificates: TemporaryFolder? = nil) async throws {
        var environment = [
            "TEST_PYTHON": try Place.python(), "AUTH_MODE": "full", "STORE_MODE": "file", "SHARED_KEY": "TestKey",
            "SANDBOX_MAILBOXES": mailboxes.joined(separator: " "),
        ]
        if let certificates {
            environment["SANDBOX_CERTIFICATE"] = certificates.file("server.pem")
            environment["SANDBOX_KEY"] = certificates.file("server.key")
            environment["SANDBOX_CLIENT_CA"] = certificates.file("ca.pem")
        }
        // The sandbox lives as long as its stdin is open: it ends with this process in any case.
        let (input, output) = (Pipe(), Pipe())
        // Another process that a test starts must not keep it open.
        for handle in [input.fileHandleForWriting, output.fileHandleForReading] {
            _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
        }
        let process = Process()
        process.executableURL = URL(filePath: "\(Place.root)/scripts/with-sandbox")
        process.arguments = ["sh", "-c", "echo \"$SANDBOX_URL\"; exec cat"]
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let text = try await ChildProcess.onThread { [reading = output.fileHandleForReading] in
            String(decoding: reading.availableData, as: UTF8.self)
        }
        guard text.hasSuffix("\n") else { throw Missing("scripts/with-sandbox did not start a sandbox.") }
        url = String(text.dropLast())
        self.certificates = certificates
        self.process = process
        self.input = input
    }

    /// Ends it, and waits until it is gone.
    package func stop() async throws {
        try input.fileHandleForWriting.close()
        try await ChildProcess.onThread { [process] in process.waitUntilExit() }
    }

    deinit {
        try? input.fileHandleForWriting.close()
    }
}
