import Blocks
import Curl
import Digests
import StoreConformance
import TestServers
import Testing
import Transfer

@testable import AzureBlob

/// The store, the engine and a Blob service that refuses what the real one refuses.
@Suite struct StrictServerTests {
    private static let container = "mesh-messages"
    /// 2026-11-23 15:00:00 UTC
    private static let now = 1_795_446_000
    private static let engine = HTTPEngine()

    let attempt = Attempt(operation: 1)

    static func store(
        _ server: StrictBlobServer,
        _ connection: String? = nil,
        container: String = container,
        clockOffset: Int64 = 0
    ) throws -> AzureBlobStore {
        let settings = try ConnectionString(connection ?? server.connectionString)
        let clock = server.clock
        return AzureBlobStore(
            client: HTTPClient(engine: engine, configuration: ClientConfiguration(usesProxies: false)),
            endpoint: settings.endpoint,
            credential: settings.credential,
            container: try ContainerName(container),
            clock: { Int64(clock.now) + clockOffset }
        )
    }

    /// A service SAS for the container, signed as "Create a service SAS" says.
    private static func sas(_ server: StrictBlobServer, permissions: String, end: String = "2026-11-24T00:00:00Z")
        -> String
    {
        let text = [
            permissions, "", end, "/blob/\(StrictBlobServer.emulatorAccount)/\(container)", "", "", "", "2025-11-05",
            "c",
            "", "", "", "", "", "", "",
        ].joined(separator: "\n")
        let key = Base64.decode(StrictBlobServer.emulatorKey)!
        let signature = HMACSHA256(key: key).authenticate([UInt8](text.utf8)).base64
        let token =
            "sv=2025-11-05&sr=c&sp=\(permissions)&se=\(PercentEncoding.encode(end))"
            + "&sig=\(PercentEncoding.encode(signature))"
        return "BlobEndpoint=\(server.endpoint);SharedAccessSignature=?\(token)"
    }

    private func description(_ name: String) -> BlobDescription {
        BlobDescription(
            name: BlobName(name),
            metadata: BlobMetadata(sortedEntries: [
                .init(name: "meshfilename", value: "a%20b%C3%A9.txt"), .init(name: "meshmessageid", value: "id1"),
                .init(name: "sha256", value: "ab"),
            ])
        )
    }

    func withServer(
        _ options: StrictBlobServer.Options = .init(),
        containers: [String] = [container],
        _ run: (StrictBlobServer) async throws -> Void
    ) async throws {
        try await withStrictBlobServer(
            containers: containers,
            options: options,
            clock: ServerClock(at: Self.now),
            run: run
        )
    }

    @Test("Case 27: names with space ( ) , ! & = @ are stored and found", arguments: [false, true])
    func storesLooksAndNeverReplaces(answersWith412: Bool) async throws {
        var options = StrictBlobServer.Options()
        options.answersExistingWith412 = answersWith412
        try await withServer(options, containers: []) { server in
            let store = try Self.store(server)
            try await store.prepare(attempt)
            try await store.prepare(attempt)
            let name = "2026-11-23/a bé(c),&=@!'+.dat"
            #expect(try await store.look(at: BlobName(name), attempt) == nil)
            let content = (0...255).map { UInt8($0) }
            try await store.create(description(name), content: Block(content), attempt)

            let blob = try #require(server.blob(name, in: Self.container))
            #expect(blob.bytes == content)
            #expect(blob.contentType == "application/octet-stream")
            let properties = try #require(try await store.look(at: BlobName(name), attempt))
            #expect(properties.length == 256)
            #expect(properties.metadata == description(name).metadata)

            let again = await failure { () throws(Failure) in
                try await store.create(description(name), content: Block([1]), attempt)
            }
            #expect(again?.kind == .alreadyExists)
            #expect(server.blob(name, in: Self.container)?.bytes == content)

            try await store.removeProbe(BlobName(name), attempt)
            try await store.removeProbe(BlobName(name), attempt)
            #expect(server.blobs(in: Self.container).isEmpty)
        }
    }

    @Test func storesAnEmptyBlob() async throws {
        try await withServer { server in
            let store = try Self.store(server)
            try await store.create(description("empty"), content: Block([]), attempt)
            #expect(server.blob("empty", in: Self.container)?.length == 0)
            #expect(try await store.look(at: BlobName("empty"), attempt)?.length == 0)
        }
    }

    @Test func stagesBlocksAtOnceAndCommitsThemWhole() async throws {
        try await withServer { server in
            let store = try Self.store(server)
            let size = 300_000
            let contents = (0..<12).map { index in (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ index) } }
            let staged = try await store.stage(BlobName("large"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, content) in contents.enumerated().reversed() {
                    let block = Block(content)
                    group.addTask {
                        let attempt = Attempt(operation: UInt64(index))
                        try await staged.stage(block, index: index, offset: UInt64(index * size), attempt)
                    }
                }
                try await group.waitForAll()
            }
            #expect(server.blobs(in: Self.container).isEmpty)
            try await staged.commit(description("large"), blockCount: 12, length: UInt64(12 * size), attempt)
            let blob = try #require(server.blob("large", in: Self.container))
            #expect(blob.sha256 == SHA256.hash(contents.flatMap { $0 }).hex)
            #expect(blob.metadata["meshmessageid"] == "id1")
            #expect(
                server.http.requests.filter { $0.target.contains("comp=block&") || $0.target.hasSuffix("comp=block") }
                    .count == 12
            )

            let second = try await store.stage(BlobName("large"))
            try await second.stage(Block([1]), index: 0, offset: 0, attempt)
            let failure = await failure { () throws(Failure) in
                try await second.commit(description("large"), blockCount: 1, length: 1, attempt)
            }
            #expect(failure?.kind == .alreadyExists)
        }
    }

    @Test func aWrongChecksumOfTheServiceIsNoticed() async throws {
        var options = StrictBlobServer.Options()
        options.wrongCRCs = 1
        try await withServer(options) { server in
            let staged = try await Self.store(server).stage(BlobName("a"))
            let content = Block([1, 2, 3])
            let failure = await failure { () throws(Failure) in
                try await staged.stage(content, index: 0, offset: 0, attempt)
            }
            #expect(failure?.type == "crc64_mismatch")
            try await staged.stage(content, index: 0, offset: 0, Attempt(operation: 1, number: 2))
            try await staged.commit(description("a"), blockCount: 1, length: 3, attempt)
            #expect(server.blob("a", in: Self.container)?.bytes == [1, 2, 3])
        }
    }

    @Test func blocksLostToAnotherWriterAreStagedAnew() async throws {
        var options = StrictBlobServer.Options()
        options.checksBlocksFirst = true
        try await withServer(options) { server in
            let store = try Self.store(server)
            let staged = try await store.stage(BlobName("a"))
            try await staged.stage(Block([1]), index: 0, offset: 0, attempt)
            try await store.create(description("a"), content: Block([2]), attempt)
            let failure = await failure { () throws(Failure) in
                try await staged.commit(description("a"), blockCount: 1, length: 1, attempt)
            }
            #expect(failure?.kind == .stagedBlocksLost)
            #expect(server.blob("a", in: Self.container)?.bytes == [2])
        }
    }

    @Test func aLostAnswerIsFoundOutByTheRetry() async throws {
        try await withServer { server in
            let store = try Self.store(server)
            server.http.setFault { $0.number == 1 ? .closeAfterHandling : nil }
            let lost = await failure { () throws(Failure) in
                try await store.create(description("a"), content: Block([1]), attempt)
            }
            #expect(lost?.kind == .transient)
            #expect(lost?.server?.hasPrefix("127.0.0.1:") == true)
            let retried = await failure { () throws(Failure) in
                try await store.create(description("a"), content: Block([1]), Attempt(operation: 1, number: 2))
            }
            #expect(retried?.kind == .alreadyExists)
            let ids = server.http.requests.map { $0.headers["x-ms-client-request-id"] }
            #expect(ids.count == 2 && ids[0] == ids[1] && ids[0] != nil)
        }
    }

    @Test func aConnectionThatWasClosedWhileIdleIsSaid() async throws {
        try await withServer { server in
            let store = try Self.store(server)
            server.http.setFault { $0.number == 1 ? .deliver(.wholeThenStale) : nil }
            try await store.create(description("a"), content: Block([1]), attempt)
            let failure = await failure { () throws(Failure) in
                try await store.create(description("b"), content: Block([1]), attempt)
            }
            #expect(failure == nil || failure?.kind == .staleConnection)
            if failure != nil {
                try await store.create(description("b"), content: Block([1]), attempt)
            }
            #expect(server.blob("b", in: Self.container) != nil)
        }
    }

    @Test func aBusyServiceIsHonoured() async throws {
        try await withServer { server in
            let store = try Self.store(server)
            server.http.setFault { _ in .answer(StrictBlobServer.answer(503, code: "ServerBusy", retryAfter: 9)) }
            let failure = await failure { () throws(Failure) in _ = try await store.look(at: BlobName("a"), attempt) }
            #expect(failure?.kind == .transient)
            #expect(failure?.type == "ServerBusy")
            #expect(failure?.retryAfter == .seconds(9))
            #expect(failure?.requestID != nil)
        }
    }

    @Test func aMissingContainerIsNamed() async throws {
        try await withServer(containers: []) { server in
            let store = try Self.store(server, container: "elsewhere")
            let failure = await failure { () throws(Failure) in
                try await store.create(description("a"), content: Block([1]), attempt)
            }
            #expect(failure?.kind == .settings)
            #expect(failure?.type == "ContainerNotFound")
            #expect(failure?.advice?.contains("elsewhere") == true)
        }
    }

    @Test func aWrongKeyIsRefused() async throws {
        try await withServer { server in
            let connection =
                "AccountName=devstoreaccount1;AccountKey=d3Jvbmcga2V5;BlobEndpoint=\(server.endpoint)"
            let store = try Self.store(server, connection)
            let failure = await failure { () throws(Failure) in try await store.prepare(attempt) }
            #expect(failure?.kind == .refused)
            #expect(failure?.type == "AuthenticationFailed")
            #expect(failure?.advice?.contains("key of the account devstoreaccount1") == true)
        }
    }

    @Test func aClockThatIsOffIsSaid() async throws {
        try await withServer { server in
            let store = try Self.store(server, clockOffset: -3600)
            let failure = await failure { () throws(Failure) in try await store.prepare(attempt) }
            #expect(failure?.kind == .refused)
            #expect(failure?.advice?.contains("60 minutes behind") == true)
        }
    }

    @Test func worksWithASASThatMayOnlyReadAndWriteBlobs() async throws {
        try await withServer { server in
            let store = try Self.store(server, Self.sas(server, permissions: "rw"))
            try await store.prepare(attempt)
            try await store.create(description("a b"), content: Block([1]), attempt)
            let staged = try await store.stage(BlobName("large"))
            try await staged.stage(Block([1, 2]), index: 0, offset: 0, attempt)
            try await staged.commit(description("large"), blockCount: 1, length: 2, attempt)
            #expect(try await store.look(at: BlobName("large"), attempt)?.length == 2)
            #expect(server.blobs(in: Self.container).map(\.name) == ["a b", "large"])

            let replaced = await failure { () throws(Failure) in
                try await store.create(description("a b"), content: Block([2]), attempt)
            }
            #expect(replaced?.kind == .alreadyExists)
            let removed = await failure { () throws(Failure) in try await store.removeProbe(BlobName("a b"), attempt) }
            #expect(removed?.type == "AuthorizationPermissionMismatch")
        }
    }

    @Test("Case 26: a signature with a plus sign is sent as it was given")
    func aSignatureWithAPlusSignIsSentAsItWasGiven() async throws {
        try await withServer { server in
            // The signature changes with each end, and some have the characters that mean something else in a query.
            let signatures = (0..<1000).map {
                Self.sas(server, permissions: "rw", end: "2026-11-24T00:\($0 / 60 + 10):\($0 % 60 + 10)Z")
            }
            for special in ["%2B", "%2F"] {
                let connection = try #require(signatures.first { $0.contains(special) && !$0.hasSuffix(special) })
                let store = try Self.store(server, connection)
                try await store.create(description("a b+c\(special)"), content: Block([1]), attempt)
                let query = connection.split(separator: "?")[1]
                #expect(server.http.requests.last?.target.hasSuffix(query) == true)
                #expect(server.http.requests.last?.status == 201)
            }
        }
    }

    @Test("Case 30: a retry with a SAS that may only create finds its own blob")
    func aRetryWithASASThatMayOnlyCreateFindsItsOwnBlob() async throws {
        try await withServer { server in
            let store = try Self.store(server, Self.sas(server, permissions: "rc"))
            server.http.setFault { $0.number == 1 ? .closeAfterHandling : nil }
            let lost = await failure { () throws(Failure) in
                try await store.create(description("a"), content: Block([1]), attempt)
            }
            #expect(lost?.kind == .transient)
            let retried = await failure { () throws(Failure) in
                try await store.create(description("a"), content: Block([1]), Attempt(operation: 1, number: 2))
            }
            #expect(retried?.type == "UnauthorizedBlobOverwrite")
            #expect(retried?.kind == .alreadyExists)
            let properties = try #require(try await store.look(at: BlobName("a"), attempt))
            #expect(properties.length == 1 && properties.metadata == description("a").metadata)
        }
    }

    @Test func aSASThatHasEndedIsRefused() async throws {
        try await withServer { server in
            let store = try Self.store(server, Self.sas(server, permissions: "rc", end: "2026-11-22T00:00:00Z"))
            let failure = await failure { () throws(Failure) in
                try await store.create(description("a"), content: Block([1]), attempt)
            }
            #expect(failure?.kind == .refused)
            #expect(failure?.advice == "Make a new SAS: this one ended at 2026-11-22T00:00:00Z.")
        }
    }

    @Test func aServiceThatIsDownIsTransient() async throws {
        let server = try StrictBlobServer(clock: ServerClock(at: Self.now))
        let store = try Self.store(server)
        server.stop()
        let failure = await failure { () throws(Failure) in try await store.prepare(attempt) }
        #expect(failure?.kind == .transient)
        #expect(failure?.type == "connection_failed")
    }
}
