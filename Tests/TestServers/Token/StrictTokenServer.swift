import Synchronization

/// What gives out access tokens in Azure, three in one: Microsoft Entra ID, the identity endpoint of App Service, and
/// the instance metadata service. It refuses what the real ones refuse.
///
///     try await withStrictTokenServer(clock: clock) { tokens in
///         // AZURE_AUTHORITY_HOST=tokens.http.baseURL
///         #expect(tokens.issued.all.count == 1)
///     }
///
/// It checks method, path, media type, every field of the form and every item of the query (each once, none beside
/// them), the headers that keep others out, and a cluster's token: signature, issuer, subject, audience, time. Faults
/// are set at ``http``; answers of Microsoft Entra ID's own kind are made with ``refusal(_:_:_:)``.
package final class StrictTokenServer: Sendable {
    /// What the directory knows, and how it answers.
    package struct Options: Sendable {
        package var tenantID = "11111111-2222-3333-4444-555555555555"
        package var clientID = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
        package var clientSecret = "S3cret~of+the/application=="
        /// Whom the identity trusts: issuer, subject and audience count, the time does not.
        package var federated = FederatedToken(end: 0)
        package var identityHeader = "853b9a84-5bfa-4b22-a3f3-0b9a43d9ad8a"
        /// Whether the machine has the identity.
        package var isAssigned = true
        /// How long tokens hold, in seconds.
        package var lifetime = 3600
        package var refreshIn: Int?
        /// Whether Microsoft Entra ID writes numbers as strings, as the others always do.
        package var writesNumbersAsStrings = false

        package init() {}
    }

    package let issued: IssuedTokens
    package let clock: ServerClock
    /// The server under it: for its faults and its recorded requests.
    package let http: HTTPServer
    let core: TokenCore

    package init(
        options: Options = Options(),
        issued: IssuedTokens = IssuedTokens(),
        clock: ServerClock = .system
    ) throws(ServerError) {
        let core = TokenCore(options: options, issued: issued, clock: clock)
        self.core = core
        self.issued = issued
        self.clock = clock
        http = try HTTPServer { core.answer($0) }
    }

    /// `IDENTITY_ENDPOINT`
    package var identityEndpoint: String { "\(http.baseURL)/msi/token" }

    package func stop() { http.stop() }

    /// Changes the options while the server runs.
    package func update(_ change: (inout Options) -> Void) {
        core.options.withLock { change(&$0) }
    }

    /// A refusal as Microsoft Entra ID makes it, for faults.
    package static func refusal(_ status: Int, _ code: Int, _ text: String) -> HTTPServer.Response {
        TokenCore.refusal(status, code, text, now: ServerClock.system.now)
    }
}

/// Runs a strict token server for the time of a closure, and stops it in any case.
package func withStrictTokenServer<Result>(
    options: StrictTokenServer.Options = StrictTokenServer.Options(),
    issued: IssuedTokens = IssuedTokens(),
    clock: ServerClock = .system,
    isolation: isolated (any Actor)? = #isolation,
    run: (StrictTokenServer) async throws -> Result
) async throws -> Result {
    let server = try StrictTokenServer(options: options, issued: issued, clock: clock)
    defer { server.stop() }
    return try await run(server)
}
