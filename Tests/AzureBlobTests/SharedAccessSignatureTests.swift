import HTTPTypes
import Testing
import Transfer

@testable import AzureBlob

@Suite struct SharedAccessSignatureTests {
    private static func target(_ request: StorageRequest, token: String) throws -> (
        path: String?, authorization: String?
    ) {
        let endpoint = try StorageEndpoint(accountURL: "https://acct1.blob.core.windows.net")
        let message = request.complete(
            for: endpoint,
            credential: .sharedAccessSignature(try SharedAccessSignature(token)),
            seconds: 0,
            requestID: ""
        )
        return (message.path, message.headerFields[.authorization])
    }

    private static func path() throws -> ContainerPath {
        ContainerPath(
            endpoint: try StorageEndpoint(accountURL: "https://acct1.blob.core.windows.net"),
            container: try ContainerName("inbox")
        )
    }

    @Test func isAppendedAsItIs() throws {
        let (path, authorization) = try Self.target(
            .getBlobProperties(BlobName("a"), in: Self.path()),
            token: "?sv=2024-11-04&sig=a%2Bb%2fc%3D"
        )
        #expect(path == "/inbox/a?sv=2024-11-04&sig=a%2Bb%2fc%3D")
        #expect(authorization == nil)
    }

    @Test func followsTheRequestsOwnQuery() throws {
        let (path, _) = try Self.target(.createContainer(Self.path()), token: "sv=1&sig=x")
        #expect(path == "/inbox?restype=container&sv=1&sig=x")
    }

    @Test(
        arguments: [
            ("sig=x&se=2026-11-23T15%3A00%3A00Z", 1_795_446_000), ("se=2026-11-23T15:00Z&sig=x", 1_795_446_000),
            ("se=2026-11-23&sig=x", 1_795_392_000), ("sig=x&se=2026-11-23T15:00:00.0000000Z", 1_795_446_000),
            ("sig=x", nil), ("sig=x&se=soon", nil), ("sig=x&se=2026-02-30", nil), ("sig=x&se=2026-13-01", nil),
            ("sig=x&se=2026-11-23T15:00:00", nil), ("sig=x&se=%zz", nil),
        ] as [(String, Int64?)]
    )
    func knowsWhenItEnds(token: String, seconds: Int64?) throws {
        #expect(try SharedAccessSignature(token).expirySeconds == seconds)
    }

    @Test(arguments: ["", "?", "sv=1", "sig=", "sig=a b", "sig=a\n", "sig=é", "sig=a#b", "https://x/?sig=SECRET"])
    func refusesWhatIsNoToken(token: String) {
        #expect {
            try SharedAccessSignature(token)
        } throws: {
            $0 is StorageSettingsError && !"\($0)".contains("SECRET")
        }
    }
}
