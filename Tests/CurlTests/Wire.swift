import Blocks
import Curl
import Dispatch
import HTTPTypes
import TestServers
import Testing

/// A server and a client of an engine of its own.
struct Wire: Sendable {
    let server: HTTPServer
    let client: HTTPClient

    func request(
        _ method: HTTPRequest.Method = .get,
        _ target: String = "/",
        _ fields: HTTPFields = [:]
    ) -> HTTPRequest {
        CurlTests.request(to: server.port, method, target, fields)
    }
}

func request(
    to port: Int,
    _ method: HTTPRequest.Method = .get,
    _ target: String = "/",
    _ fields: HTTPFields = [:],
    scheme: String = "http"
) -> HTTPRequest {
    HTTPRequest(
        method: method,
        scheme: scheme,
        authority: "127.0.0.1:\(port)",
        path: target,
        headerFields: fields
    )
}

/// The configuration for servers on loopback, whatever the environment says of proxies.
let direct = ClientConfiguration(usesProxies: false)

func withWire<Result>(
    _ configuration: ClientConfiguration = direct,
    isolation: isolated (any Actor)? = #isolation,
    handler: @escaping @Sendable (HTTPServer.Request) async -> HTTPServer.Response,
    run: (Wire) async throws -> Result
) async throws -> Result {
    try await withHTTPServer(handler: handler) { server in
        try await run(Wire(server: server, client: HTTPClient(engine: HTTPEngine(), configuration: configuration)))
    }
}

/// Reads a response to its end in blocks of one size, and checks that all but the last come back full.
func readAll(_ exchange: HTTPExchange, blockSize: Int) async throws -> [UInt8] {
    let block = Block(capacity: blockSize)
    var content: [UInt8] = []
    while true {
        block.clear()
        let ended = try await exchange.read(into: block) != nil
        content.append(contentsOf: block.bytes)
        if ended { return content }
        #expect(block.isFull)
    }
}

/// Bytes that differ from their neighbours, and whose period is no power of two.
func sample(_ count: Int) -> [UInt8] {
    var content = (0..<251).map { UInt8($0) }
    content.reserveCapacity(2 * count)
    while content.count < count { content += content }
    return Array(content.prefix(count))
}

/// The error that the operation throws; anything else is an issue. Called outside of `#expect`: the compiler (6.3)
/// confuses closures within its arguments with later ones.
func failure<Value>(
    isolation: isolated (any Actor)? = #isolation,
    _ operation: () async throws -> Value
) async throws -> CurlError {
    do {
        let value = try await operation()
        Issue.record("no error was thrown, but there is \(value)")
        throw CancellationError()
    } catch let error as CurlError {
        return error
    }
}

/// Opens a gate when the last reference to it goes.
final class Sentinel: Sendable {
    private let released: Gate

    init(_ released: Gate) {
        self.released = released
    }

    deinit {
        released.open()
    }
}

extension Tag {
    /// Waits for the shortest time limit that there is.
    @Tag static var slow: Self
}

/// A gate for threads that belong to no pool, which opens without the help of one.
final class Latch: Sendable {
    private let opened = DispatchSemaphore(value: 0)

    func open() {
        opened.signal()
    }

    func wait() {
        opened.wait()
        opened.signal()
    }
}

extension HTTPServer.Body {
    /// A body whose first 256 KiB are sent, and the rest when the latch opens.
    static func stalling(at latch: Latch, length: Int) -> HTTPServer.Body {
        .generated(length: length) { offset, buffer in
            if offset > 0 { latch.wait() }
            buffer.initializeMemory(as: UInt8.self, repeating: 0x2e)
        }
    }
}

extension HTTPClient {
    /// The head and the body of an answer that is whole.
    func answer(
        _ request: HTTPRequest,
        body: RequestBody = .none,
        limit: Int = 16 << 20
    ) async throws(CurlError) -> (response: Response, body: [UInt8]) {
        let answer = try await perform(request, body: body, limit: limit)
        return (answer.response, answer.body)
    }
}
