import Foundation
import ProgramFixture
import TestServers
import Testing

/// Storage as an identity: the program, a strict token server, and a Blob service that takes its tokens.
struct IdentityTests {
    @Test(arguments: IdentityWay.allCases) func aRunStoresAsAnIdentityWithOneToken(way: IdentityWay) async throws {
        let messages = (1...40).map { MESHMessage("ABC00\($0 + 10)", text: "message \($0)") }
        try await withIdentity(messages) { scene, tokens in
            let run = try await scene.run([], scene.settings(way, tokens))
            run.expectStatus(0)
            #expect(run.stored.count == 40)
            #expect(tokens.http.requests.count == 1)
            let token = try #require(tokens.issued.all.first)
            #expect(!run.lines.contains { $0.source.contains(token) })
            #expect(scene.store.http.requests.allSatisfy { $0.headers["Authorization"] == "Bearer \(token)" })
        }
    }

    @Test func anEmptyInboxAsksForNoToken() async throws {
        try await withIdentity([]) { scene, tokens in
            let run = try await scene.run([], scene.settings(.workloadIdentity, tokens))
            run.expectStatus(0)
            #expect(tokens.http.requests.isEmpty)
        }
    }

    /// Each token is refused after its first use, so that every request after it has to fetch one.
    @Test func aRunGoesOnWhenItsTokenIsRevoked() async throws {
        let messages = (1...5).map { MESHMessage("ABC000\($0)", text: "message \($0)") }
        try await withIdentity(messages) { scene, tokens in
            scene.store.http.setFault { request in
                guard request.number % 4 == 0, let field = request.headers["Authorization"] else { return nil }
                return .after { tokens.issued.revoke(String(field.dropFirst("Bearer ".count))) }
            }
            let run = try await scene.run([], scene.settings(.clientSecret, tokens))
            run.expectStatus(0)
            #expect(run.stored.count == 5)
            #expect(tokens.issued.all.count > 1)
        }
    }

    @Test func whatTheDirectoryRefusesIsSaidOnce() async throws {
        try await withIdentity { scene, tokens in
            tokens.update { $0.federated.sub = "system:serviceaccount:another:one" }
            tokens.http.setFault { _ in nil }
            let run = try await scene.run([], scene.settings(.workloadIdentity, tokens))
            run.expectStatus(77)
            run.expectOneError(
                "run ended early",
                naming: [
                    "workload identity of the client", "AADSTS700213", "127.0.0.1",
                    "subject system:serviceaccount:mesh:poll-mesh-inbox",
                ]
            )
            #expect(run.summary.errorType == "AADSTS700213")
            #expect(scene.mesh.waiting() == ["ABC0001"])
        }
    }

    /// The server repeats in its answer what it was sent; the run checks that no secret is printed.
    @Test func aSecretThatTheDirectoryRepeatsIsNotPrinted() async throws {
        try await withIdentity { scene, tokens in
            var settings = try scene.settings(.clientSecret, tokens)
            settings["AZURE_CLIENT_SECRET"] = "An0ther~secret+with/signs=="
            let run = try await scene.run([], settings)
            run.expectStatus(77)
            run.expectOneError("run ended early", naming: ["AADSTS7000215", "AZURE_CLIENT_SECRET"])
        }
    }

    @Test func noTokenIsSentOverHTTP() async throws {
        try await withIdentity { scene, tokens in
            var settings = try scene.settings(.clientSecret, tokens)
            settings["AZURE_STORAGE_ACCOUNT_URL"] = "http://messages.blob.core.windows.net"
            let run = try await scene.run([], settings)
            run.expectStatus(78)
            run.expectOneError("setting is not usable", naming: ["AZURE_STORAGE_ACCOUNT_URL is http", "Use https"])
            #expect(tokens.http.requests.isEmpty)
        }
    }

    /// In a network of its own there is no way to anything but this machine.
    @Test("Case 25: without a metadata service the program says at once what it has tried", .tags(.needsRoot))
    func withoutAMetadataServiceTheProgramSaysWhatItTried() async throws {
        var program = try Program()
        program.launcher = [
            "/usr/bin/unshare", "--net", try Place.python(), Place.script("without_metadata_service.py"),
        ]
        let run = try await program.job(["check"], ["MESH_AUTHENTICATION": "none"])
        run.expectStatus(78)
        let failed = run.lines("check failed")
        #expect(failed.compactMap { $0["check"] } == ["there is a credential for storage"])
        #expect(failed.first?.errorType == "no_identity")
        for words in ["AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE", "IDENTITY_ENDPOINT", "169.254.169.254"] {
            #expect(failed.first?.explanation.contains(words) == true)
        }
    }

    @Test(arguments: IdentityWay.allCases) func checkNamesTheCredential(way: IdentityWay) async throws {
        try await withIdentity { scene, tokens in
            let run = try await scene.run(["check"], scene.settings(way, tokens))
            run.expectStatus(0)
            #expect(run.complaints.isEmpty)
            let line = try #require(run.lines("check passed").first { $0["credential"] != nil })
            #expect(line["credential"]?.contains(StrictTokenServer.Options().clientID) == true)
            #expect((line[number: "credential.expires_in_s"] ?? 0) > 3000)
        }
    }

    @Test func checkNamesWhatIsWrongWithTheCredential() async throws {
        try await withIdentity { scene, tokens in
            tokens.update { $0.clientID = "another" }
            let run = try await scene.run(["check"], scene.settings(.clientSecret, tokens))
            run.expectStatus(78)
            let failed = run.lines("check failed")
            #expect(failed.compactMap { $0["check"] } == ["there is a credential for storage"])
            #expect(failed.first?.errorType == "AADSTS700016")
            #expect(run.lines("check skipped").count == 3)
        }
    }

    /// The account behind TLS with this certificate of makeCertificates', and a program that trusts their authority.
    private func withIdentityBehindTLS(
        _ certificate: String,
        _ run: (Scene, [String: String?]) async throws -> Void
    ) async throws {
        let certificates = try await makeCertificates()
        try await withIdentity { scene, tokens in
            try await withTLSFront(certificate, of: certificates, port: scene.store.http.port) { port in
                var settings = try scene.settings(.workloadIdentity, tokens)
                settings["AZURE_STORAGE_ACCOUNT_URL"] = "https://localhost:\(port)/devstoreaccount1"
                settings["SSL_CERT_FILE"] = certificates.file("ca.pem")
                try await run(scene, settings)
            }
        }
    }

    @Test func theAccountMayBeBehindTLS() async throws {
        try await withIdentityBehindTLS("server") { scene, settings in
            let run = try await scene.run([], settings)
            run.expectStatus(0)
            #expect(run.stored.count == 1)
            let check = try await scene.run(["check"], settings)
            check.expectStatus(0)
            #expect(check.lines("check passed").contains { $0["tls.server.subject"] == "server" })
        }
    }

    @Test func anAccountWhoseCertificateHasEndedIsRefused() async throws {
        try await withIdentityBehindTLS("old-server") { scene, settings in
            let run = try await scene.run([], settings)
            run.expectStatus(77)
            run.expectOneError("run ended early", naming: ["its certificate, or one of its chain, has expired"])
            #expect(run.summary.errorType == "tls_server_expired")
            #expect(scene.store.http.requests.isEmpty)
        }
    }

    /// Azurite takes tokens with `--oauth basic`, over https alone.
    @Test(.enabled(if: Place.variable("AZURITE_BLOB_ENDPOINT")?.hasPrefix("https:") == true))
    func azuriteTakesTokens() async throws {
        let endpoint = try #require(Place.variable("AZURITE_BLOB_ENDPOINT"))
        try await withIdentity { scene, tokens in
            try await withBlobService { service in
                var settings = try scene.settings(.workloadIdentity, tokens)
                settings["AZURE_STORAGE_ACCOUNT_URL"] = endpoint
                settings["AZURE_STORAGE_CONTAINER_NAME"] = service.container
                settings["SSL_CERT_FILE"] = Place.variable("SSL_CERT_FILE")
                let run = try await scene.run(["check"], settings)
                run.expectStatus(0)
            }
        }
    }
}
