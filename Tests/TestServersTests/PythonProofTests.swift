import Foundation
import Testing

@testable import TestServers

/// The official clients talk to the strict servers: what these refuse or answer is what the clients know.
struct PythonProofTests {
    @Test func microsoftsClientAcceptsTheBlobServer() async throws {
        try await withStrictBlobServer { server in
            let result = try await runPython(
                "azure_sdk_proof.py",
                [server.endpoint, StrictBlobServer.emulatorAccount, StrictBlobServer.emulatorKey]
            )
            #expect(result.status == 0, "\(result.output)")
            #expect(result.output.contains("proved containers"))
            #expect(server.containers.isEmpty)
        }
    }

    @Test func theNHSsClientAcceptsTheMESHServer() async throws {
        // gzip of "second," and of "third", each chunk by itself, as a sender does it.
        let second = try #require(Base64.decode("H4sIAAAAAAACAytOTc7PS9EBAINFAtQHAAAA"))
        let third = try #require(Base64.decode("H4sIAAAAAAACAyvJyCxKAQBkIDIkBQAAAA=="))
        let messages = [
            MESHMessage("PLAIN0001", text: "plain"),
            MESHMessage("CHUNKED01", [.text("first,"), .gzip(second), .gzip(third)]),
            MESHMessage("EMPTY0001", text: ""),
            MESHMessage.report("REPORT001"),
        ]
        try await withStrictMESHServer(messages: messages) { server in
            let result = try await runPython(
                "mesh_client_proof.py",
                [server.baseURL, "X26ABC1", "password", "TestKey"]
            )
            #expect(result.status == 0, "\(result.output)")
            #expect(result.output.contains("proved refusing"))
            #expect(server.acknowledged() == ["PLAIN0001"])
        }
    }

    private func runPython(_ script: String, _ arguments: [String]) async throws -> (status: Int32, output: String) {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let root = folder.deletingLastPathComponent().deletingLastPathComponent()
        var environment = ProcessInfo.processInfo.environment
        let chosen = environment["TEST_PYTHON"] ?? ""
        let python = chosen.isEmpty ? root.appending(path: ".venv/bin/python").path() : chosen
        guard FileManager.default.isExecutableFile(atPath: python) else {
            throw MissingPython(path: python)
        }
        let process = Process()
        let pipe = Pipe()
        environment["NO_PROXY"] = "127.0.0.1"
        process.environment = environment
        process.executableURL = URL(filePath: python)
        process.arguments = [folder.appending(path: script).path()] + arguments
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in ended.resume() }
            do { try process.run() } catch { ended.resume(throwing: error) }
        }
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    private struct MissingPython: Error, CustomStringConvertible {
        let path: String
        var description: String {
            "There is no Python at \(path) with azure-storage-blob and mesh-client: run `make test`, which makes one, "
                + "or set TEST_PYTHON."
        }
    }
}
