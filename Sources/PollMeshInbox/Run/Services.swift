import AzureBlob
import Curl
import Glibc
import LocalDirectory
import MESH
import Transfer

/// The mailbox and the store that the settings name, over one HTTP engine.
struct Services: Sendable {
    let inbox: any Inbox
    /// Where messages go.
    let store: any BlobStore
    /// Where the state of runs is kept: the same container, or another one.
    let stateStore: any BlobStore & JournalStore
    /// Where tokens come from, if storage is used as an identity.
    let tokens: TokenProvider?
    let surroundings: Surroundings
    private let engine: HTTPEngine
    private let meshClient: HTTPClient
    private let storageClient: HTTPClient
    private let tokenClient: HTTPClient?

    /// How many HTTP requests were sent.
    var requestCount: Int { meshClient.requestCount + storageClient.requestCount + (tokenClient?.requestCount ?? 0) }

    /// How many requests to which side ended in which way.
    var answerCounts: [(service: Failure.Service, counts: [String: Int])] {
        [(.mesh, meshClient.answerCounts), (.storage, storageClient.answerCounts)]
    }

    /// A client for one more service over the same engine.
    func client(_ configuration: ClientConfiguration) -> HTTPClient {
        HTTPClient(engine: engine, configuration: configuration)
    }

    init(_ settings: Settings, engine: HTTPEngine, surroundings: Surroundings) {
        self.engine = engine
        self.surroundings = surroundings
        meshClient = HTTPClient(engine: engine, configuration: Self.meshConfiguration(settings))
        storageClient = HTTPClient(engine: engine, configuration: Self.configuration(settings))
        inbox = MESHInbox(client: meshClient, configuration: Self.mailbox(settings.mesh, now: surroundings.now))
        let (place, tokenClient) = Self.place(settings, engine, surroundings)
        tokens = place.tokens
        self.tokenClient = tokenClient
        let messages = Self.store(place, settings.storage.containerName, storageClient, surroundings)
        store = messages
        // A folder has both: what was abandoned there keeps the locks of one store.
        stateStore =
            place.isDirectory || settings.storage.stateContainerName == settings.storage.containerName
            ? messages
            : Self.store(place, settings.storage.stateContainerName, storageClient, surroundings)
    }

    static func configuration(_ settings: Settings) -> ClientConfiguration {
        ClientConfiguration(
            trust: getenv("SSL_CERT_FILE").map { .file(String(cString: $0)) } ?? .system,
            connectTimeout: settings.transfer.connectTimeout,
            stallTimeout: settings.transfer.stallTimeout,
            userAgent: "\(Product.name)/\(Product.version)"
        )
    }

    static func meshConfiguration(_ settings: Settings) -> ClientConfiguration {
        var configuration = configuration(settings)
        if let bundle = settings.mesh.caCertificate {
            configuration.trust = .pem(Array(bundle.utf8))
        }
        if let client = settings.mesh.client {
            configuration.clientCertificate = ClientConfiguration.ClientCertificate(
                certificate: Array(client.certificates.utf8),
                key: Array(client.key.exposed.utf8),
                keyPassword: client.keyPassword?.exposed
            )
        }
        return configuration
    }

    private static func mailbox(
        _ mesh: Settings.MESH,
        now: @escaping @Sendable () -> Int64
    ) -> MailboxConfiguration {
        let credentials: MailboxConfiguration.Credentials? =
            switch mesh.authentication {
            case .none: nil
            case .hmac(let password, let sharedKey):
                MailboxConfiguration.Credentials(
                    username: mesh.username,
                    password: password.exposed,
                    sharedKey: sharedKey.exposed
                )
            }
        return MailboxConfiguration(
            scheme: mesh.baseURL.scheme,
            authority: mesh.baseURL.authority,
            basePath: mesh.baseURL.path,
            mailboxID: mesh.mailboxID,
            credentials: credentials,
            workflowFilter: mesh.workflowFilter,
            client: clientDescription(),
            now: now
        )
    }

    /// What `uname` says of the system.
    private static func clientDescription() -> MailboxConfiguration.ClientDescription {
        var name = utsname()
        uname(&name)
        func text<Field>(_ field: Field) -> String {
            withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        }
        return MailboxConfiguration.ClientDescription(
            version: "\(Product.name)/\(Product.version)",
            osName: text(name.sysname),
            osVersion: text(name.release),
            osArchitecture: text(name.machine)
        )
    }

    /// Where messages go, and with what right.
    private enum Place {
        case account(StorageEndpoint, Credential)
        case directory(String)

        var isDirectory: Bool {
            if case .directory = self { true } else { false }
        }

        var tokens: TokenProvider? {
            guard case .account(_, .identity(let tokens)) = self else { return nil }
            return tokens
        }
    }

    /// - Returns: the client that asks for tokens, too, where there is an identity.
    private static func place(
        _ settings: Settings,
        _ engine: HTTPEngine,
        _ surroundings: Surroundings
    ) -> (Place, HTTPClient?) {
        switch settings.storage.place {
        case .directory(let path):
            return (.directory(path), nil)
        case .account(let endpoint, let credential):
            return (.account(endpoint, credential), nil)
        case .identity(let endpoint, let source, let passedOver):
            let client = HTTPClient(
                engine: engine,
                configuration: source.configuration(from: configuration(settings))
            )
            let fetcher = TokenFetcher(source, passedOver: passedOver, client: client, surroundings: surroundings) {
                path in
                guard case .bytes(let bytes) = FileContent.reading(path) else { return nil }
                return String(validating: bytes, as: UTF8.self)
            }
            return (.account(endpoint, .identity(TokenProvider(fetcher, executor: engine))), client)
        }
    }

    private static func store(
        _ place: Place,
        _ container: ContainerName,
        _ client: HTTPClient,
        _ surroundings: Surroundings
    ) -> any BlobStore & JournalStore {
        switch place {
        case .directory(let path):
            DirectoryStore(path: path, sleep: surroundings.sleep)
        case .account(let endpoint, let credential):
            AzureBlobStore(
                client: client,
                endpoint: endpoint,
                credential: credential,
                container: container,
                clock: surroundings.now
            )
        }
    }
}
