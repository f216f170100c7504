import Glibc
package import HTTPTypes
import Synchronization

/// Sends requests to one service over the shared engine, with that service's trust, proxies and limits.
///
/// Connections are kept and reused. Nothing is retried, redirected or decoded.
package struct HTTPClient: Sendable {
    private let engine: HTTPEngine
    private let profile: ClientProfile

    package init(engine: HTTPEngine, configuration: ClientConfiguration = ClientConfiguration()) {
        self.engine = engine
        self.profile = ClientProfile(configuration)
    }

    /// How many requests were handed to the engine so far.
    package var requestCount: Int { profile.requests.load(ordering: .relaxed) }

    /// How many requests ended in which way: by the status of the answer, or by ``CurlError/typeName`` where none came.
    package var answerCounts: [String: Int] { profile.answers.all }

    /// Sends the request and waits for the head of the response.
    ///
    /// The URL is `scheme`, `authority` and `path` of the request, sent byte for byte. Content-Length is set from the body.
    /// - Parameter mayBeSent: asked when the connection stands, right before the first byte goes. If it says no, none goes, and
    ///   the error is of the kind ``CurlError/Kind/withheld``.
    package func send(
        _ request: HTTPRequest,
        body: RequestBody = .none,
        mayBeSent: (@Sendable () -> Bool)? = nil
    ) async throws(CurlError) -> HTTPExchange {
        let exchange = ExchangeCore(host: request.authority ?? "", engine: engine)
        profile.requests.add(1, ordering: .relaxed)
        do {
            let outgoing = OutgoingRequest(request: request, body: body, profile: profile, mayBeSent: mayBeSent)
            let response = try await exchange.start(outgoing)
            profile.answers.add(status: response.status.code)
            return HTTPExchange(core: exchange, response: response)
        } catch {
            profile.answers.add(error)
            throw error
        }
    }

    /// Sends the request and reads the response.
    /// - Parameter limit: the bytes of the body to keep. When more come, the connection is closed.
    package func perform(
        _ request: HTTPRequest,
        body: RequestBody = .none,
        limit: Int = 1 << 16,
        mayBeSent: (@Sendable () -> Bool)? = nil
    ) async throws(CurlError) -> HTTPAnswer {
        let exchange = try await send(request, body: body, mayBeSent: mayBeSent)
        let content = try await exchange.collect(limit: limit)
        return HTTPAnswer(response: exchange.response, body: content.bytes, end: content.end)
    }
}

/// A response with its body, as far as that was kept.
package struct HTTPAnswer: Sendable {
    package var response: Response
    package var body: [UInt8]
    package var end: BodyEnd

    package init(response: Response, body: [UInt8], end: BodyEnd) {
        self.response = response
        self.body = body
        self.end = end
    }
}

/// What a client's handles have in common, and its counters.
final class ClientProfile: Sendable {
    let configuration: ClientConfiguration
    let requests = Atomic<Int>(0)
    let answers = AnswerCounts()
    /// Whether a request by plain HTTP may go by way of a proxy (libcurl's own rules).
    let mayUseHTTPProxy: Bool
    /// Certificate, key and trust, at addresses that stay: libcurl reads them with each connection it makes.
    let certificate: PinnedBytes?
    let key: PinnedBytes?
    let trust: PinnedBytes?

    init(_ configuration: ClientConfiguration) {
        self.configuration = configuration
        mayUseHTTPProxy =
            configuration.usesProxies
            && ["http_proxy", "all_proxy", "ALL_PROXY"].contains { (name: String) in getenv(name) != nil }
        self.certificate = (configuration.clientCertificate?.certificate).map(PinnedBytes.init)
        self.key = (configuration.clientCertificate?.key).map(PinnedBytes.init)
        if case .pem(let bundle) = configuration.trust {
            self.trust = PinnedBytes(bundle)
        } else {
            self.trust = nil
        }
    }
}

/// A copy of bytes at a fixed address. Safe to share: it is never written after its initialisation.
final class PinnedBytes: @unchecked Sendable {
    let buffer: UnsafeMutableRawBufferPointer

    init(_ bytes: [UInt8]) {
        buffer = .allocate(byteCount: max(bytes.count, 1), alignment: 1)
        buffer.copyBytes(from: bytes)
        count = bytes.count
    }

    let count: Int

    deinit {
        buffer.deallocate()
    }
}
