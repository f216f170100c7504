import Curl
import Foundation
import HTTPTypes
import StoreConformance
import TestServers
import Testing
import Transfer

@testable import AzureBlob

@Suite struct ConformanceTests {
    @Test(arguments: StoreConformance.cases)
    func keeps(_ rule: StoreConformance) async throws {
        try await withStrictBlobServer { server in
            try await rule.check(Container(connection: server.connectionString))
        }
    }

    @Test("Keeps the rule where the service answers in the other ways that it may", arguments: StoreConformance.cases)
    func keepsWithOtherAnswers(_ rule: StoreConformance) async throws {
        var options = StrictBlobServer.Options()
        options.answersExistingWith412 = true
        options.checksBlocksFirst = true
        options.isHostStyle = true
        options.pageCap = 5
        try await withStrictBlobServer(options: options) { server in
            try await rule.check(Container(connection: server.connectionString))
        }
    }

    @Test(.enabled(if: azurite != nil, "AZURITE_BLOB_ENDPOINT is not set."), arguments: StoreConformance.cases)
    func keepsOnAzurite(_ rule: StoreConformance) async throws {
        let connection =
            "AccountName=\(StrictBlobServer.emulatorAccount);AccountKey=\(StrictBlobServer.emulatorKey);"
            + "BlobEndpoint=\(try #require(Self.azurite))"
        try await rule.check(Container(connection: connection))
    }

    /// Where an Azurite answers, as `http://127.0.0.1:10000/devstoreaccount1`.
    private static let azurite = ProcessInfo.processInfo.environment["AZURITE_BLOB_ENDPOINT"]
}

/// A container with a name of its own in an account.
private struct Container: StoreUnderTest {
    private static let engine = HTTPEngine()

    let connection: String
    private let name = "conformance-\(UUID().uuidString.lowercased())"

    init(connection: String) {
        self.connection = connection
    }

    func open() throws -> any BlobStore { try store() }

    func content(of name: BlobName) async throws -> [UInt8]? {
        try await store().read(name, limit: 1 << 30, Attempt(operation: 1))?.content
    }

    func names() async throws -> [String] {
        var names: [String] = []
        var marker = ""
        repeat {
            let page = try await page(after: marker)
            names += elements("Name", in: page)
            marker = elements("NextMarker", in: page).first ?? ""
        } while !marker.isEmpty
        return names
    }

    private func store() throws -> AzureBlobStore {
        let connection = try ConnectionString(connection)
        return AzureBlobStore(
            client: HTTPClient(engine: Self.engine, configuration: ClientConfiguration(usesProxies: false)),
            endpoint: connection.endpoint,
            credential: connection.credential,
            container: try ContainerName(name),
            clock: { Int64(Date().timeIntervalSince1970) }
        )
    }

    /// "List Blobs", which the program itself never needs.
    private func page(after marker: String) async throws -> String {
        let store = try store()
        var query = [("comp", "list"), ("marker", marker), ("restype", "container")]
        query.removeAll { $0.1.isEmpty }
        let request = StorageRequest(
            operation: .getBlob,
            method: .get,
            path: store.container.text,
            query: query.map { StorageRequest.QueryItem(name: $0.0, value: $0.1) }
        )
        let answer = try await store.client.perform(request, body: .none, Attempt(operation: 1), limit: 1 << 24)
        return String(decoding: answer.body, as: UTF8.self)
    }

    private func elements(_ name: String, in xml: String) -> [String] {
        xml.components(separatedBy: "<\(name)>").dropFirst().map { rest in
            let text = rest.components(separatedBy: "</\(name)>")[0]
            let entities = [
                ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&amp;", "&"),
            ]
            return entities.reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
        }
    }
}
