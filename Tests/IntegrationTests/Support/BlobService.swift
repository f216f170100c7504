import Foundation
import ProgramFixture
import TestServers

/// A container of a Blob service: the one of AZURITE_BLOB_ENDPOINT, or a strict server of our own.
struct BlobService: Sendable {
    /// A blob or file that is not the program's own.
    struct Stored: Decodable, Sendable {
        var name: String
        var length: Int
        var sha256: String
        var metadata: [String: String]
    }

    let connectionString: String
    let container: String

    /// What leads the program here.
    var settings: [String: String] {
        var settings = [
            "AZURE_STORAGE_CONNECTION_STRING": connectionString, "AZURE_STORAGE_CONTAINER_NAME": container,
        ]
        settings["SSL_CERT_FILE"] = Place.variable("SSL_CERT_FILE")
        return settings
    }

    /// What is in the container, by Microsoft's client.
    func contents() async throws -> [Stored] {
        try await Python.run(
            "stored_contents.py",
            ["container", container],
            environment: ["CONNECTION_STRING": connectionString]
        )
    }

    /// What is in a folder.
    static func contents(ofFolder path: String) async throws -> [Stored] {
        try await Python.run("stored_contents.py", ["folder", path])
    }
}

/// Runs with a container that does not exist yet and is gone afterwards.
func withBlobService(_ run: (BlobService) async throws -> Void) async throws {
    let container = "test-\(UUID().uuidString.lowercased())"
    guard let endpoint = Place.variable("AZURITE_BLOB_ENDPOINT") else {
        return try await withStrictBlobServer { server in
            try await run(BlobService(connectionString: server.connectionString, container: container))
        }
    }
    let scheme = endpoint.prefix { $0 != ":" }
    let connection =
        "DefaultEndpointsProtocol=\(scheme);AccountName=\(StrictBlobServer.emulatorAccount);"
        + "AccountKey=\(StrictBlobServer.emulatorKey);BlobEndpoint=\(endpoint);"
    let service = BlobService(connectionString: connection, container: container)
    let result: Result<Void, any Error>
    do { result = .success(try await run(service)) } catch { result = .failure(error) }
    _ = try? await Python.run(
        "stored_contents.py",
        ["remove", container],
        environment: ["CONNECTION_STRING": connection],
        as: Bool?.self
    )
    try result.get()
}
