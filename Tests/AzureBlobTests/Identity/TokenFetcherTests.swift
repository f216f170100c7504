import Curl
import HTTPTypes
import TestServers
import Testing
import Transfer

@testable import AzureBlob

/// Each way to a token against a server that checks every field, and what is said where it refuses.
@Suite struct TokenFetcherTests {
    @Test(arguments: IdentityMethod.allCases)
    func eachWayGetsAToken(method: IdentityMethod) async throws {
        try await withIdentityScene { scene in
            let token = try await scene.fetcher(for: method).fetch()
            #expect([token.text] == scene.server.issued.all)
            #expect(token.end == Int64(IdentityScene.start + 3600))
            #expect(token.refresh == Int64(IdentityScene.start + 3300))
            #expect(scene.waits.list.isEmpty)
        }
    }

    @Test(arguments: [IdentityMethod.appService, .instanceMetadata], [true, false])
    func aMachineIsAskedForOneOfItsIdentitiesOrItsOnly(method: IdentityMethod, names: Bool) async throws {
        try await withIdentityScene { scene in
            var settings = scene.settings(for: method)
            if !names { settings.clientID = nil }
            _ = try await scene.fetcher(settings).fetch()
            #expect(scene.server.http.requests.allSatisfy { $0.target.contains("client_id=") == names })
        }
    }

    @Test func numbersMayBeStringsAndTheIssuerMaySayWhenToRenew() async throws {
        var options = StrictTokenServer.Options()
        options.writesNumbersAsStrings = true
        options.lifetime = 86_399
        options.refreshIn = 43_199
        try await withIdentityScene(options) { scene in
            let token = try await scene.fetcher(for: .clientSecret).fetch()
            #expect(token.end == Int64(IdentityScene.start + 86_399))
            #expect(token.refresh == Int64(IdentityScene.start + 43_199))
        }
    }

    struct Mistake: Sendable {
        var method = IdentityMethod.clientSecret
        var change: @Sendable (inout IdentitySettings) -> Void = { _ in }
        var options: @Sendable (inout StrictTokenServer.Options) -> Void = { _ in }
        var file: String?
        let type: String
        let kind: Failure.Kind
        /// What the advice names.
        let advice: String
        var tries = 1
    }

    private static func token(_ change: (inout FederatedToken) -> Void) -> String {
        var token = FederatedToken(end: IdentityScene.start + 600)
        change(&token)
        return token.text
    }

    static let mistakes: [Mistake] = [
        Mistake(
            change: { $0.clientSecret = "wrong" },
            type: "AADSTS7000215",
            kind: .refused,
            advice: "AZURE_CLIENT_SECRET"
        ),
        Mistake(change: { $0.clientID = "other" }, type: "AADSTS700016", kind: .settings, advice: "AZURE_CLIENT_ID"),
        Mistake(change: { $0.tenantID = "other" }, type: "AADSTS90002", kind: .settings, advice: "AZURE_TENANT_ID"),
        Mistake(
            method: .workloadIdentity,
            file: token { $0.sub = "system:serviceaccount:other:default" },
            type: "AADSTS700213",
            kind: .refused,
            advice: "subject system:serviceaccount:other:default",
            tries: 4
        ),
        Mistake(
            method: .workloadIdentity,
            file: token { $0.iss = "https://other.example/" },
            type: "AADSTS700211",
            kind: .refused,
            advice: "issuer https://other.example/",
            tries: 4
        ),
        Mistake(
            method: .workloadIdentity,
            file: token { $0.aud = ["https://kubernetes.default.svc"] },
            type: "AADSTS700212",
            kind: .refused,
            advice: "audience https://kubernetes.default.svc",
            tries: 4
        ),
        Mistake(
            method: .workloadIdentity,
            file: token { $0.exp = IdentityScene.start - 1 },
            type: "AADSTS700024",
            kind: .refused,
            advice: "Mon, 23 Nov 2026 14:59:59 GMT",
            tries: 4
        ),
        Mistake(
            method: .workloadIdentity,
            file: "not.a.token",
            type: "AADSTS50027",
            kind: .refused,
            advice: "AZURE_FEDERATED_TOKEN_FILE"
        ),
        Mistake(
            method: .workloadIdentity,
            file: " \n",
            type: "no_federated_token",
            kind: .settings,
            advice: "AZURE_FEDERATED_TOKEN_FILE",
            tries: 0
        ),
        Mistake(
            method: .appService,
            change: { $0.identityHeader = "other" },
            type: "token_http_401",
            kind: .refused,
            advice: "AZURE_CLIENT_ID"
        ),
        Mistake(
            method: .instanceMetadata,
            options: { $0.isAssigned = false },
            type: "invalid_request",
            kind: .settings,
            advice: "AZURE_CLIENT_ID"
        ),
        Mistake(
            method: .instanceMetadata,
            change: { $0.clientID = nil },
            options: { $0.isAssigned = false },
            type: "invalid_request",
            kind: .settings,
            advice: "Assign a managed identity"
        ),
    ]

    @Test(arguments: mistakes.indices)
    func aMistakeIsNamedWithTheNextThingToTry(index: Int) async throws {
        let mistake = Self.mistakes[index]
        try await withIdentityScene { scene in
            scene.server.update(mistake.options)
            if let file = mistake.file { scene.file.replace(file) }
            var settings = scene.settings(for: mistake.method)
            mistake.change(&settings)
            let fetcher = try scene.fetcher(settings)
            let failure = try #require(await refusal { () async throws(Failure) in try await fetcher.fetch() })
            #expect(failure.type == mistake.type)
            #expect(failure.kind == mistake.kind)
            #expect(failure.service == .storage)
            #expect(failure.message.contains(mistake.method.rawValue), "\(failure)")
            #expect(failure.advice?.contains(mistake.advice) == true, "\(failure)")
            #expect(scene.server.http.requests.count == mistake.tries)
            if mistake.tries > 0 {
                let server = ServiceURL(scene.server.http.baseURL)!.authority
                let place = mistake.method == .instanceMetadata ? "169.254.169.254" : server
                #expect(failure.message.contains(place), "\(failure)")
                #expect(failure.status != nil)
            }
            // The server repeats what it was sent.
            for secret in [settings.clientSecret, settings.identityHeader, scene.file.read()?.dropLast().description] {
                if let secret, secret.count > 3 { #expect(!"\(failure)".contains(secret), "\(failure)") }
            }
        }
    }

    @Test("Case 24: a stale token of the cluster is told from others, and its file is read anew for each request")
    func theFileIsReadAnewForEachRequest() async throws {
        try await withIdentityScene { scene in
            let fetcher = try scene.fetcher(for: .workloadIdentity)
            _ = try await fetcher.fetch()
            // The cluster replaces the file before the first token ends, and the run goes on.
            scene.server.clock.advance(by: 3000)
            scene.file.replace(FederatedToken(end: IdentityScene.start + 3600).text)
            _ = try await fetcher.fetch()
            #expect(scene.server.issued.all.count == 2)
            #expect(scene.waits.list.isEmpty)
            // A file that is replaced late is read once more.
            scene.server.clock.advance(by: 1000)
            let late = FederatedToken(end: IdentityScene.start + 7200).text
            scene.server.http.setFault { [file = scene.file] request in
                request.number == 4 ? .before { file.replace(late) } : nil
            }
            _ = try await fetcher.fetch()
            #expect(scene.server.issued.all.count == 3)
            #expect(scene.file.readCount == 5)
        }
    }

    @Test func aClockThatIsWrongIsNamed() async throws {
        try await withIdentityScene { scene in
            let stale = FederatedToken(end: IdentityScene.start - 1).text
            scene.file.replace(stale)
            scene.server.http.setFault { _ in
                var answer = StrictTokenServer.refusal(401, 700024, "Client assertion is not within its time range.")
                answer.headers["Date"] = "Mon, 23 Nov 2026 16:00:00 GMT"
                return .answer(answer)
            }
            let fetcher = try scene.fetcher(for: .workloadIdentity)
            let failure = await refusal { () async throws(Failure) in try await fetcher.fetch() }
            #expect(failure?.advice?.contains("60 minutes behind") == true)
        }
    }

    @Test("Case 25: without a metadata service there is one try, with a connect timeout of a second")
    func withoutAMetadataServiceThereIsOneTry() async throws {
        try await withIdentityScene { scene in
            let usual = ClientConfiguration(connectTimeout: .seconds(10))
            var settings = scene.settings(for: .instanceMetadata)
            settings.clientID = nil
            let fetcher = try scene.fetcher(settings)
            #expect(fetcher.source.configuration(from: usual).connectTimeout == .seconds(1))
            #expect(!fetcher.source.configuration(from: usual).usesProxies)
            #expect(fetcher.source.endpoint.description == "http://169.254.169.254")
            // A port that nobody listens at.
            scene.server.stop()
            let failure = try #require(await refusal { () async throws(Failure) in try await fetcher.fetch() })
            #expect(failure.type == "no_identity")
            #expect(failure.kind == .settings)
            for words in [
                "client secret (AZURE_CLIENT_SECRET is not set)",
                "workload identity (AZURE_FEDERATED_TOKEN_FILE is not set)",
                "App Service identity (IDENTITY_ENDPOINT is not set)", "instance metadata (169.254.169.254",
            ] {
                #expect(failure.message.contains(words), "\(failure)")
            }
            #expect(failure.advice?.contains("azure.workload.identity/client-id") == true)
            #expect(scene.waits.list.isEmpty)
        }
    }

    @Test(arguments: [404, 410, 429, 500, 503])
    func theMetadataServiceIsAskedAgainAsItWants(status: Int) async throws {
        try await withIdentityScene { scene in
            scene.server.http.setFault { $0.number <= 4 ? .answer(HTTPServer.Response(status)) : nil }
            _ = try await scene.fetcher(for: .instanceMetadata).fetch()
            #expect(scene.waits.list == [.zero, .seconds(1.6), .seconds(3.2), .seconds(6.4)])
            scene.server.http.setFault { _ in .answer(HTTPServer.Response(status)) }
            let fetcher = try scene.fetcher(for: .instanceMetadata)
            let failure = await refusal { () async throws(Failure) in try await fetcher.fetch() }
            #expect(failure?.kind == .transient)
            #expect(failure?.type == "token_http_\(status)")
            let waited = scene.waits.list.dropFirst(4).reduce(.zero, +)
            #expect(waited >= .seconds(status == 410 ? 70 : 24))
        }
    }

    @Test func aBusyDirectoryIsAskedAgainAfterTheTimeThatItNames() async throws {
        try await withIdentityScene { scene in
            scene.server.http.setFault { request in
                switch request.number {
                case 1: .closeBeforeHandling
                case 2: .answer(HTTPServer.Response(429, headers: ["Retry-After": "7"]))
                case 3: .answer(HTTPServer.Response(503, headers: ["Retry-After": "86400"]))
                default: nil
                }
            }
            _ = try await scene.fetcher(for: .clientSecret).fetch()
            #expect(scene.waits.list == [.seconds(0.8), .seconds(7), .seconds(30)])
        }
    }

    @Test(arguments: [IdentityMethod.clientSecret, .appService])
    func aServiceThatIsDownIsTransient(method: IdentityMethod) async throws {
        try await withIdentityScene { scene in
            let fetcher = try scene.fetcher(for: method)
            scene.server.stop()
            let failure = await refusal { () async throws(Failure) in try await fetcher.fetch() }
            #expect(failure?.kind == .transient)
            #expect(failure?.type == "connection_failed")
            #expect(scene.waits.list == TokenRetryRule.short)
        }
    }

    @Test(arguments: ["", "<html>Sign in</html>", "[]"])
    func anAnswerThatIsNoTokenServicesIsAskedForAgain(body: String) async throws {
        try await withIdentityScene { scene in
            scene.server.http.setFault { _ in .answer(HTTPServer.Response(200, body: .text(body))) }
            let fetcher = try scene.fetcher(for: .clientSecret)
            let failure = await refusal { () async throws(Failure) in try await fetcher.fetch() }
            #expect(failure?.kind == .transient && failure?.type == "foreign_answer")
            #expect(scene.waits.list == TokenRetryRule.short)
        }
    }

    @Test(arguments: [#"{"access_token":"a b"}"#, #"{"access_token":"ab"}"#, "{}"])
    func anAnswerWithoutATokenIsAMatterOfSettings(body: String) async throws {
        try await withIdentityScene { scene in
            scene.server.http.setFault { _ in .answer(HTTPServer.Response(200, body: .text(body))) }
            let fetcher = try scene.fetcher(for: .clientSecret)
            let failure = await refusal { () async throws(Failure) in try await fetcher.fetch() }
            #expect(failure?.type == "no_token")
            #expect(failure?.kind == .settings)
            #expect(failure?.advice?.contains("AZURE_AUTHORITY_HOST") == true)
        }
    }
}
