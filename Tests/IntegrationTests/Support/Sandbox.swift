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
    /// Where ca.pem, client.pem and client.key are that it needs, if it does.
    var certificates: TemporaryFolder?

    /// What client.key is encrypted with.
    static let keyPassword = "open+the/key"

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
        var settings = [
            "MESH_BASE_URL": url,
            "MESH_MAILBOX_ID": mailbox,
            "MESH_PASSWORD": "password",
            "MESH_SHARED_KEY": "TestKey",
        ]
        if let certificates {
            settings["MESH_CA_CERTIFICATE_FILE"] = certificates.file("ca.pem")
            settings["MESH_CLIENT_CERTIFICATE_FILE"] = certificates.file("client.pem")
            settings["MESH_CLIENT_KEY_FILE"] = certificates.file("client.key")
            settings["MESH_CLIENT_KEY_PASSWORD"] = Self.keyPassword
        }
        return settings
    }
}

/// Starts a sandbox before the first test of a suite and stops it after the last one, ``Sandbox/current`` in between.
struct SandboxTrait: SuiteTrait, TestScoping {
    let mailboxes: [String]
    /// Whether it speaks TLS, to clients that have a certificate.
    let isMutualTLS: Bool

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
        var environment = [
            "TEST_PYTHON": try Place.python(), "AUTH_MODE": "full", "STORE_MODE": "file", "SHARED_KEY": "TestKey",
            "SANDBOX_MAILBOXES": mailboxes.joined(separator: " "),
        ]
        let certificates = isMutualTLS ? try await makeCertificates(&environment) : nil
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
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
        let sandbox = Sandbox(url: String(url.dropLast()), certificates: certificates)
        try await Sandbox.$current.withValue(sandbox) { try await function() }
    }

    private func makeCertificates(_ environment: inout [String: String]) async throws -> TemporaryFolder {
        let folder = try await IntegrationTests.makeCertificates()
        environment["SANDBOX_CERTIFICATE"] = folder.file("server.pem")
        environment["SANDBOX_KEY"] = folder.file("server.key")
        environment["SANDBOX_CLIENT_CA"] = folder.file("ca.pem")
        return folder
    }
}

extension Trait where Self == SandboxTrait {
    /// A sandbox for the suite, with these mailboxes beside its own.
    static func sandbox(mailboxes: String..., isMutualTLS: Bool = false) -> SandboxTrait {
        SandboxTrait(mailboxes: mailboxes, isMutualTLS: isMutualTLS)
    }
}
