import Blocks
import Curl
import MESH
import TestServers
import Testing
import Transfer

/// A strict server and the inbox that is to be tested against it.
struct Post {
    let server: StrictMESHServer
    let inbox: MESHInbox

    /// Another inbox at the same server.
    func inbox(_ change: (inout MailboxConfiguration) -> Void) -> MESHInbox {
        Post.inbox(at: server, change)
    }

    /// Answers every request so, whatever it asks for.
    func answer(_ response: HTTPServer.Response) {
        server.http.setFault { _ in .answer(response) }
    }

    fileprivate static func inbox(
        at server: StrictMESHServer,
        _ change: (inout MailboxConfiguration) -> Void = { _ in }
    ) -> MESHInbox {
        let clock = server.clock
        var configuration = MailboxConfiguration(
            scheme: "http",
            authority: "127.0.0.1:\(server.http.port)",
            mailboxID: "X26ABC1",
            credentials: .init(username: "X26ABC1", password: "password", sharedKey: "TestKey"),
            client: .init(version: "poll-mesh-inbox 1.0", osName: "Linux", osVersion: "6.1", osArchitecture: "x86_64"),
            now: { Int64(clock.now) }
        )
        change(&configuration)
        let client = HTTPClient(engine: HTTPEngine(), configuration: ClientConfiguration(usesProxies: false))
        return MESHInbox(client: client, configuration: configuration)
    }
}

/// 2026-11-23 15:00:00 UTC.
let theTime = 1_795_446_000

func withPost<Result>(
    _ messages: [MESHMessage] = [],
    options: StrictMESHServer.Options = StrictMESHServer.Options(),
    isolation: isolated (any Actor)? = #isolation,
    run: (Post) async throws -> Result
) async throws -> Result {
    try await withStrictMESHServer(
        messages: messages,
        options: options,
        clock: ServerClock(at: theTime)
    ) { server in
        try await run(Post(server: server, inbox: Post.inbox(at: server)))
    }
}

extension MESHInbox {
    /// Downloads a chunk whole, in blocks of one size, and checks that all but the last come back full.
    func content(
        _ id: String,
        chunk number: Int = 1,
        as form: ContentForm = .content,
        blockSize: Int = 65_536,
        scratchSize: Int = 65_536
    ) async throws -> [UInt8] {
        let chunk = try await download(MessageID(id), chunk: number, as: form)
        let block = Block(capacity: blockSize)
        let scratch = chunk.head.isCompressed ? Block(capacity: scratchSize) : nil
        var content: [UInt8] = []
        while true {
            block.clear()
            let ended = try await chunk.read(into: block, scratch: scratch)
            content.append(contentsOf: block.bytes)
            if ended { return content }
            #expect(block.isFull)
        }
    }

    func head(_ id: String, chunk number: Int = 1, as form: ContentForm = .content) async throws -> ChunkHead {
        try await download(MessageID(id), chunk: number, as: form).head
    }
}

/// The failure that the operation throws; anything else is an issue. Called outside of `#expect`: the compiler (6.3)
/// confuses closures within its arguments with later ones.
func failure<Value>(
    isolation: isolated (any Actor)? = #isolation,
    _ operation: () async throws -> Value
) async throws -> Failure {
    do {
        let value = try await operation()
        Issue.record("no failure was thrown, but there is \(value)")
        throw CancellationError()
    } catch let failure as Failure {
        #expect(failure.service == .mesh)
        #expect(!"\(failure)".contains("password") && !"\(failure)".contains("TestKey"))
        return failure
    }
}

/// Bytes that differ from their neighbours, and whose period is no power of two.
func sample(_ count: Int) -> [UInt8] {
    var content = (0..<251).map { UInt8($0) }
    while content.count < count { content += content }
    return Array(content.prefix(count))
}
