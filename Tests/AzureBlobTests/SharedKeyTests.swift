import HTTPTypes
import Testing
import Transfer

@testable import AzureBlob

/// Worked examples, whose signatures were made by an independent implementation.
@Suite struct SharedKeyTests {
    private static let requestID = "6f1c2b0e-0000-4000-8000-000000000001"
    /// 2026-11-23 15:00:00 UTC
    private static let seconds: Int64 = 1_795_446_000

    private static func emulator() throws -> StorageEndpoint {
        try ConnectionString("UseDevelopmentStorage=true").endpoint
    }

    private static func putBlob() throws -> StorageRequest {
        let blob = BlobDescription(
            name: BlobName("X26ABC1/a bé.dat"),
            metadata: BlobMetadata(sortedEntries: [
                .init(name: "mesh_message_id", value: "20261123150000000000_A1"),
                .init(name: "sha256", value: "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"),
            ])
        )
        return try .putBlob(
            blob,
            in: ContainerPath(endpoint: emulator(), container: ContainerName("inbox")),
            contentLength: 11,
            contentMD5: "XrY7u+Ae7tCTyyK7j1rNww=="
        )
    }

    @Test func signsPutBlobToAnEmulator() throws {
        let message = try Self.putBlob().complete(
            for: Self.emulator(),
            credential: .sharedKey(.development),
            seconds: Self.seconds,
            requestID: Self.requestID
        )
        #expect(message.path == "/devstoreaccount1/inbox/X26ABC1/a%20b%C3%A9.dat")
        #expect(
            message.headerFields[.authorization]
                == "SharedKey devstoreaccount1:fQTcXfYJA+lhpl1gNjYTMO09J7uwkgT7OT7x04xYjlo="
        )
    }

    @Test func buildsTheStringToSignAsDocumented() throws {
        var request = try Self.putBlob()
        request.add(HTTPField(name: .clientRequestID, value: Self.requestID))
        request.add(HTTPField(name: .serviceDate, value: "Mon, 23 Nov 2026 15:00:00 GMT"))
        request.add(HTTPField(name: .serviceVersion, value: "2025-11-05"))
        #expect(
            String(decoding: SharedKey.development.stringToSign(for: request), as: UTF8.self) == """
                PUT


                11
                XrY7u+Ae7tCTyyK7j1rNww==
                application/octet-stream



                *


                x-ms-blob-type:BlockBlob
                x-ms-client-request-id:6f1c2b0e-0000-4000-8000-000000000001
                x-ms-date:Mon, 23 Nov 2026 15:00:00 GMT
                x-ms-meta-mesh_message_id:20261123150000000000_A1
                x-ms-meta-sha256:b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9
                x-ms-version:2025-11-05
                /devstoreaccount1/devstoreaccount1/inbox/X26ABC1/a%20b%C3%A9.dat
                """
        )
    }

    @Test func signsTheDecodedQueryOfAHostStyleRequest() throws {
        let endpoint = StorageEndpoint(
            scheme: .https,
            authority: "devstoreaccount1.blob.core.windows.net",
            accountName: "devstoreaccount1"
        )
        var request = StorageRequest.putBlock(
            "MDAwMDAx+g==",
            of: BlobName("msg1"),
            in: ContainerPath(endpoint: endpoint, container: try ContainerName("inbox")),
            contentLength: 11
        )
        request.query.append(.init(name: "timeout", value: "30"))
        let message = request.complete(
            for: endpoint,
            credential: .sharedKey(.development),
            seconds: Self.seconds,
            requestID: Self.requestID
        )
        #expect(message.path == "/inbox/msg1?blockid=MDAwMDAx%2Bg%3D%3D&comp=block&timeout=30")
        #expect(
            message.headerFields[.authorization]
                == "SharedKey devstoreaccount1:Pi4HUz1xB0GXxi0E64y5i8X3cVcFqCwYSQrJBvqlugU="
        )
    }

    @Test func signsAnEmptyLengthAsNothing() throws {
        let path = try ContainerPath(endpoint: Self.emulator(), container: ContainerName("inbox"))
        let text = SharedKey.development.stringToSign(for: .createContainer(path))
        #expect(String(decoding: text, as: UTF8.self).hasPrefix("PUT\n\n\n\n\n\n\n\n\n\n\n\n/devstoreaccount1/"))
        #expect(String(decoding: text, as: UTF8.self).hasSuffix("/inbox\nrestype:container"))
    }

    @Test func refusesAKeyThatIsNotBase64WithoutShowingIt() {
        #expect {
            try SharedKey(account: "account", base64: "not*base64")
        } throws: {
            !"\($0)".contains("not*base64") && "\($0)".contains("Base64")
        }
    }
}
