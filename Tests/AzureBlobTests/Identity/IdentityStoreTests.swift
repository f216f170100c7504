import Curl
import TestServers
import Testing
import Transfer

@testable import AzureBlob

/// The store as an identity, against a Blob service that takes tokens as long as they hold.
@Suite(.timeLimit(.minutes(2))) struct IdentityStoreTests {
    private let attempt = Attempt(operation: 1)

    private func withStore(
        _ run: (IdentityScene, StrictBlobServer, AzureBlobStore) async throws -> Void
    ) async throws {
        try await withIdentityScene { scene in
            var options = StrictBlobServer.Options()
            options.issuedTokens = scene.server.issued
            try await withStrictBlobServer(options: options, clock: scene.server.clock) { server in
                try await run(scene, server, Self.store(server.endpoint, try scene.fetcher(for: .workloadIdentity)))
            }
        }
    }

    private static func store(_ url: String, _ fetcher: TokenFetcher) throws -> AzureBlobStore {
        let now = fetcher.surroundings.now
        return AzureBlobStore(
            client: HTTPClient(engine: HTTPEngine(), configuration: ClientConfiguration(usesProxies: false)),
            endpoint: try StorageEndpoint(accountURL: url),
            credential: .identity(TokenProvider(fetcher)),
            container: try ContainerName("mesh-messages"),
            clock: now
        )
    }

    @Test func everyRequestCarriesTheTokenAndTheVersion() async throws {
        try await withStore { scene, server, store in
            try await store.prepare(attempt)
            let journal = try await store.takeJournal(of: "X26ABC1", holder: Self.holder, attempt)
            try await journal?.release(attempt)
            #expect(server.containers == ["mesh-messages"])
            let token = try #require(scene.server.issued.all.first)
            #expect(server.http.requests.count >= 4)
            for request in server.http.requests {
                #expect(request.headers.values("Authorization") == ["Bearer \(token)"])
                #expect(request.headers["x-ms-version"] == "2025-11-05")
                #expect(!request.target.contains("sig="))
            }
            #expect(scene.server.http.requests.count == 1)
        }
    }

    private static let holder = "11111111-2222-4333-8444-555555555555"

    @Test func aRunGoesOnAcrossTheEndOfItsToken() async throws {
        try await withStore { scene, server, store in
            try await store.prepare(attempt)
            for hour in 1...3 {
                scene.server.clock.advance(by: 3601)
                scene.file.replace(FederatedToken(end: scene.server.clock.now + 600).text)
                try await store.prepare(attempt)
                #expect(scene.server.issued.all.count == hour + 1)
            }
            #expect(server.http.requests.allSatisfy { $0.status != 401 })
        }
    }

    @Test func aTokenThatIsRefusedIsReplacedOnce() async throws {
        try await withStore { scene, server, store in
            try await store.prepare(attempt)
            scene.server.issued.revoke(try #require(scene.server.issued.all.first))
            try await store.prepare(attempt)
            #expect(scene.server.issued.all.count == 2)
            #expect(server.http.requests.map(\.status) == [201, 401, 409])
        }
    }

    @Test func aFreshTokenThatIsRefusedIsAFailure() async throws {
        try await withStore { scene, server, store in
            server.update { $0.issuedTokens = IssuedTokens() }
            let failure = try #require(
                await refusal { () async throws(Failure) in try await store.look(at: BlobName("a"), attempt) }
            )
            #expect(failure.kind == .refused)
            #expect(failure.status == 401)
            #expect(failure.advice?.contains("workload identity of the client") == true, "\(failure)")
            #expect(scene.server.issued.all.count == 2)
            #expect(server.http.requests.count == 2)
        }
    }

    @Test func aMissingRoleIsNamed() async throws {
        try await withStore { _, server, store in
            server.http.setFault { _ in
                .answer(StrictBlobServer.answer(403, code: "AuthorizationPermissionMismatch", message: "No."))
            }
            let failure = await refusal { () async throws(Failure) in
                try await store.takeJournal(of: "X26ABC1", holder: Self.holder, attempt)
            }
            #expect(failure?.kind == .refused)
            #expect(failure?.advice?.contains("Storage Blob Data Contributor") == true)
            #expect(server.http.requests.count == 1)
        }
    }

    @Test func aServiceThatRepeatsTheTokenDoesNotBringItIntoAMessage() async throws {
        try await withStore { scene, server, store in
            server.http.setFault { request in
                let token = request.headers["Authorization"] ?? ""
                var answer = StrictBlobServer.answer(400, code: "InvalidInput", message: "What is \(token)?")
                answer.headers["x-ms-request-id"] = "of \(token)"
                return .answer(answer)
            }
            let failure = try #require(
                await refusal { () async throws(Failure) in
                    try await store.takeJournal(of: "X26ABC1", holder: Self.holder, attempt)
                }
            )
            #expect(failure.message.contains("What is Bearer ***"), "\(failure)")
            #expect(!"\(failure)".contains("eyJ"))
            #expect(failure.requestID == "of Bearer ***")
        }
    }

    @Test func noTokenIsSentOverHTTPButToThisMachine() async throws {
        try await withIdentityScene { scene in
            let store = try Self.store("http://account.blob.core.windows.net", scene.fetcher(for: .clientSecret))
            let failure = await refusal { () async throws(Failure) in try await store.prepare(attempt) }
            #expect(failure?.kind == .settings)
            #expect(failure?.type == "token_over_http")
            #expect(scene.server.http.requests.isEmpty)
        }
    }

    @Test func nothingShowsATokenOrASecret() async throws {
        try await withIdentityScene { scene in
            let settings = scene.settings(for: .clientSecret)
            let fetcher = try scene.fetcher(settings)
            let token = try await fetcher.fetch()
            let credential = Credential.identity(TokenProvider(fetcher))
            var shown = "\(token) \(credential) \(Credential.bearer(token)) \(settings) \(fetcher.source)"
            dump((token, credential, settings, fetcher.source, Credential.bearer(token)), to: &shown)
            #expect(!shown.contains(token.text))
            #expect(!shown.contains(try #require(settings.clientSecret)))
        }
    }
}
