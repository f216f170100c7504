import Curl
import HTTPTypes
import Synchronization
import TestServers
import Transfer

@testable import AzureBlob

/// A strict token server, and the ways to it.
struct IdentityScene: Sendable {
    /// 2026-11-23 15:00:00 UTC
    static let start = 1_795_446_000

    let server: StrictTokenServer
    let waits = Waits()
    /// What AZURE_FEDERATED_TOKEN_FILE holds at the moment; nil where there is no such file.
    let file: FileOnDisk

    /// The waits before further tries: nobody waits here, the clock goes on.
    final class Waits: Sendable {
        private let all = Mutex<[Duration]>([])

        var list: [Duration] { all.withLock { $0 } }

        func append(_ wait: Duration) { all.withLock { $0.append(wait) } }
    }

    final class FileOnDisk: Sendable {
        private let content: Mutex<String?>
        private let reads = Mutex(0)

        init(_ content: String?) { self.content = Mutex(content) }

        var readCount: Int { reads.withLock { $0 } }

        func replace(_ text: String?) { content.withLock { $0 = text } }

        func read() -> String? {
            reads.withLock { $0 += 1 }
            return content.withLock { $0 }
        }
    }

    init(_ server: StrictTokenServer) {
        self.server = server
        file = FileOnDisk(FederatedToken(end: Self.start + 600).text + "\n")
    }

    private static let options = StrictTokenServer.Options()

    var settings: IdentitySettings {
        IdentitySettings(
            clientID: Self.options.clientID,
            tenantID: Self.options.tenantID,
            authority: ServiceURL(server.http.baseURL)
        )
    }

    /// The settings that lead to a method.
    func settings(for method: IdentityMethod) -> IdentitySettings {
        var settings = settings
        switch method {
        case .clientSecret: settings.clientSecret = Self.options.clientSecret
        case .workloadIdentity: settings.federatedTokenFile = "/var/run/token"
        case .appService:
            settings.identityEndpoint = ServiceURL(server.identityEndpoint)
            settings.identityHeader = Self.options.identityHeader
        case .instanceMetadata: break
        }
        return settings
    }

    func fetcher(_ settings: IdentitySettings) throws -> TokenFetcher {
        guard case .chosen(let source, let passedOver) = IdentityChoice(settings, storageHost: "a.example") else {
            throw NoChoice()
        }
        let client = HTTPClient(
            engine: Self.engine,
            configuration: source.configuration(from: ClientConfiguration(usesProxies: false))
        )
        return TokenFetcher(source, passedOver: passedOver, surroundings: surroundings) { _ in
            file.read()
        } transport: { (request, body, limit, mayBeSent) async throws(CurlError) in
            var request = request
            // The metadata service has one address in the world, and it isn't here.
            if request.authority == TokenSource.metadataService.authority {
                request.authority = ServiceURL(server.http.baseURL)?.authority
            }
            return try await client.perform(request, body: body, limit: limit, mayBeSent: mayBeSent)
        }
    }

    func fetcher(for method: IdentityMethod) throws -> TokenFetcher {
        try fetcher(settings(for: method))
    }

    struct NoChoice: Error {}

    private static let engine = HTTPEngine()

    private var surroundings: Surroundings {
        Surroundings(
            now: { [clock = server.clock] in Int64(clock.now) },
            uptime: { .zero },
            sleep: { [waits] wait in waits.append(wait) },
            random: { 0.5 }
        )
    }
}

func withIdentityScene(
    _ options: StrictTokenServer.Options = StrictTokenServer.Options(),
    run: (IdentityScene) async throws -> Void
) async throws {
    try await withStrictTokenServer(options: options, clock: ServerClock(at: IdentityScene.start)) { server in
        try await run(IdentityScene(server))
    }
}

/// The failure of an operation that must not succeed. Called outside of `#expect`.
func refusal<Value>(
    isolation: isolated (any Actor)? = #isolation,
    _ operation: () async throws(Failure) -> Value
) async -> Failure? {
    do throws(Failure) {
        _ = try await operation()
        return nil
    } catch {
        return error
    }
}
