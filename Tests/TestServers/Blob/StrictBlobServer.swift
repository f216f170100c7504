import Synchronization

/// A Blob service in memory that refuses what the real one refuses.
///
///     try await withStrictBlobServer(containers: ["mesh-messages"]) { store in
///         // run the code under test with store.connectionString
///         #expect(store.blobs(in: "mesh-messages").map(\.name) == ["2026-11-23/ABC_20261123T150000.dat"])
///     }
///
/// It checks the signature of every request (Shared Key, account SAS, service SAS, or a bearer token of the options),
/// x-ms-date within 15 minutes by its ``ServerClock``, x-ms-version, a length on every body, Content-MD5, block ids,
/// metadata, conditions, and leases. Microsoft's own Python client proves it. Faults are set at ``http``; answers of
/// the service's own kind are made with ``answer(_:code:retryAfter:headers:)``.
package final class StrictBlobServer: Sendable {
    /// The account of the storage emulator and its published key.
    package static let emulatorAccount = "devstoreaccount1"
    package static let emulatorKey =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

    /// What the service does differently from its plainest self.
    package struct Options: Sendable {
        package var account = emulatorAccount
        /// Base64.
        package var key = emulatorKey
        /// Whether the path starts with the container, as at `https://ACCOUNT.blob.core.windows.net`.
        package var isHostStyle = false
        /// Tokens of identities; every other one gets 401.
        package var bearerTokens: Set<String> = []
        /// The same, of a token server: each as long as it holds.
        package var issuedTokens: IssuedTokens?
        /// Whether `If-None-Match: *` on an existing blob gets 412 ConditionNotMet in place of 409 BlobAlreadyExists.
        package var answersExistingWith412 = false
        /// Containers where nobody may replace a blob, condition or not: 403 UnauthorizedBlobOverwrite, before the condition.
        package var createOnlyContainers: Set<String> = []
        /// Whether Put Block List looks for its blocks before it looks at the condition.
        package var checksBlocksFirst = false
        /// How many of the next Put Blocks are answered with a wrong CRC-64.
        package var wrongCRCs = 0
        /// Whether contents go to an unnamed file in /var/tmp, for tests with gibibytes.
        package var keepsContentsOnDisk = false
        /// Pages of a listing are never longer than this.
        package var pageCap = 5000

        package init() {}
    }

    /// A committed blob.
    package struct StoredBlob: Sendable {
        package let name: String
        package let metadata: [String: String]
        package let contentType: String
        package let etag: String
        /// The ids of its blocks; none when it was put in one piece.
        package let blockIDs: [String]
        let content: BlobContent

        package var length: Int { content.length }
        package var bytes: [UInt8] { content.bytes() }
        /// The content in UTF-8.
        package var text: String { String(decoding: bytes, as: UTF8.self) }
        /// In hexadecimal digits; computed from the content, as is ``md5``.
        package var sha256: String { hex(content.digest(.sha256)) }
        package var md5: String { hex(content.digest(.md5)) }
    }

    package let log: EventLog
    package let clock: ServerClock
    /// The server under it: for its faults and its recorded requests.
    package let http: HTTPServer
    let core: BlobCore

    /// Starts to listen.
    package init(
        port: Int = 0,
        containers: [String] = [],
        options: Options = Options(),
        log: EventLog = EventLog(),
        clock: ServerClock = .system
    ) throws(ServerError) {
        let core = BlobCore(options: options, log: log, clock: clock)
        for container in containers { core.create(container) }
        self.core = core
        self.log = log
        self.clock = clock
        http = try HTTPServer(
            port: port,
            limits: HTTPServer.Limits(),
            handling: .direct { core.answer($0) },
            refusal: { status, reason in
                let code =
                    switch status {
                    case 411: "MissingContentLengthHeader"
                    case 413: "RequestBodyTooLarge"
                    default: "InvalidInput"
                    }
                return StrictBlobServer.answer(status, code: code, message: reason)
            }
        )
    }

    /// `http://127.0.0.1:PORT/devstoreaccount1`.
    package var endpoint: String {
        let options = core.state.withLock { $0.options }
        return options.isHostStyle ? http.baseURL : "\(http.baseURL)/\(options.account)"
    }

    /// With the account's key.
    package var connectionString: String {
        let options = core.state.withLock { $0.options }
        return "DefaultEndpointsProtocol=http;AccountName=\(options.account);AccountKey=\(options.key);"
            + "BlobEndpoint=\(endpoint);"
    }

    package func stop() { http.stop() }

    /// Changes the options while the server runs.
    package func update(_ change: (inout Options) -> Void) {
        core.state.withLock { change(&$0.options) }
    }

    /// The names of the containers, sorted.
    package var containers: [String] { core.state.withLock { $0.containers.keys.sorted() } }

    /// The committed blobs of a container, in the order of their names' bytes.
    package func blobs(in container: String) -> [StoredBlob] {
        core.state.withLock { state in
            (state.containers[container]?.blobs ?? [:]).compactMap { name, blob in
                blob.committed.map { StoredBlob(name, $0) }
            }
        }
        .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// One committed blob.
    package func blob(_ name: String, in container: String) -> StoredBlob? {
        core.state.withLock { state in
            state.containers[container]?.blobs[name]?.committed.map { StoredBlob(name, $0) }
        }
    }

    /// The names that have blocks which were never committed.
    package func namesWithUncommittedBlocks(in container: String) -> [String] {
        core.state.withLock { state in
            (state.containers[container]?.blobs ?? [:]).filter { !$0.value.uncommitted.isEmpty }.keys.sorted()
        }
    }

    /// Puts a blob there that is none of the client's; the container is made where it is missing.
    package func add(_ name: String, text: String, in container: String) {
        if !containers.contains(container) { core.create(container) }
        core.state.withLock { state in
            let piece = BlobContent.Piece(utf8(text), spill: nil)
            let committed = BlobState.Committed(
                etag: state.nextETag(),
                created: clock.now,
                modified: clock.now,
                content: BlobContent([piece]),
                blocks: [],
                contentMD5: nil,
                metadata: [],
                properties: []
            )
            state.containers[container]!.blobs[name] = BlobState.Blob(committed: committed)
        }
    }

    /// Stages a block that is none of the client's; nothing commits it.
    /// - Parameter id: before it is encoded.
    package func addBlock(_ id: String, of name: String, in container: String) {
        core.state.withLock { state in
            var blob = state.containers[container]!.blobs[name] ?? BlobState.Blob()
            blob.uncommitted[Base64.encode(utf8(id))] = BlobContent.Piece(utf8("left over"), spill: nil)
            state.containers[container]!.blobs[name] = blob
        }
    }

    /// Removes a blob behind the client's back.
    package func remove(_ name: String, in container: String) {
        core.state.withLock { $0.containers[container]?.blobs[name] = nil }
    }

    /// An answer as the service makes it, for faults.
    /// - Parameter retryAfter: seconds for the field Retry-After.
    package static func answer(
        _ status: Int,
        code: String,
        message: String = "",
        retryAfter: Int? = nil,
        headers: HTTPServer.Headers = [:]
    ) -> HTTPServer.Response {
        let now = ServerClock.system.now
        let requestID = freshGUID()
        var response = BlobError(status, code, message)
            .response(isHead: false, requestID: requestID, time: Timestamp.iso(now))
        response.headers.append("x-ms-request-id", requestID)
        response.headers.append("Date", Timestamp.http(now))
        if let retryAfter { response.headers.append("Retry-After", "\(retryAfter)") }
        for field in headers.fields { response.headers.append(field) }
        return response
    }
}

extension StrictBlobServer.StoredBlob {
    init(_ name: String, _ blob: BlobState.Committed) {
        self.name = name
        metadata = Dictionary(blob.metadata.map { ($0.name, $0.value) }) { first, _ in first }
        contentType = blob.properties.first { $0.name == "Content-Type" }?.value ?? ""
        etag = blob.etag
        blockIDs = blob.blocks.map(\.id)
        content = blob.content
    }
}

/// Runs a strict Blob server for the time of a closure, and stops it in any case.
/// - Parameter containers: which exist from the start.
package func withStrictBlobServer<Result>(
    containers: [String] = [],
    options: StrictBlobServer.Options = StrictBlobServer.Options(),
    log: EventLog = EventLog(),
    clock: ServerClock = .system,
    isolation: isolated (any Actor)? = #isolation,
    run: (StrictBlobServer) async throws -> Result
) async throws -> Result {
    let server = try StrictBlobServer(containers: containers, options: options, log: log, clock: clock)
    defer { server.stop() }
    return try await run(server)
}
