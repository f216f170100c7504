package import Blocks
package import HTTPTypes

/// Sends requests to one service over the shared engine, with that service's trust, proxies and limits.
package struct HTTPClient: Sendable {
    /// Sends the request and waits for the head of the response.
    ///
    /// The URL is `scheme`, `authority` and `path` of the request, sent byte for byte. Content-Length is set from the body.
    package func send(_ request: HTTPRequest, body: RequestBody = .none) async throws(CurlError) -> HTTPExchange {
        fatalError()
    }

    /// Sends the request and reads a response of at most `limit` bytes.
    package func perform(
        _ request: HTTPRequest,
        body: RequestBody = .none,
        limit: Int = 1 << 20
    ) async throws(CurlError) -> (response: HTTPResponse, body: [UInt8]) {
        fatalError()
    }
}

/// The content of a request. It is sent from where it lies, again from its start if need be.
package enum RequestBody: Sendable {
    case none
    case bytes([UInt8])
    /// The filled bytes of a block, which must not change until the exchange has ended.
    case block(Block)
}

/// A request on its way and the response to it. Used by one task at a time; giving it up cancels the transfer.
package final class HTTPExchange: Sendable {
    package var response: HTTPResponse { fatalError() }

    /// Fills the block's room straight from the response.
    /// - Returns: true when the response ended, complete by its own framing; false when the block is full.
    package func read(into block: Block) async throws(CurlError) -> Bool { fatalError() }

    /// Reads what is left of the body.
    /// - Parameter limit: the bytes to keep; what follows is dropped.
    package func collect(limit: Int) async throws(CurlError) -> [UInt8] { fatalError() }

    /// Gives up the rest of the response.
    package func cancel() {}
}

/// Why an HTTP exchange failed below HTTP: names, connections, TLS, time limits, framing.
package struct CurlError: Error, Sendable {
    package enum Kind: Sendable {
        /// A reused connection had been closed by the server; the request was not sent a second time.
        case staleConnection
        /// No answer within the connect limit or at less than the lowest speed.
        case timedOut
        /// The response ended before its own framing said so.
        case truncated
        /// The server's certificate, ours, or the handshake.
        case tls
        /// The host's or the proxy's name has no address.
        case nameNotResolved
        /// Nobody listens, or the way there is blocked.
        case notConnected
        /// The connection broke after it was made.
        case connectionLost
        /// What came was no HTTP response.
        case notHTTP
        case cancelled
        /// Anything else that libcurl reports.
        case other
    }

    package var kind: Kind
    /// libcurl's CURLcode.
    package var code: Int
    /// libcurl's own words.
    package var text: String
    /// Host and port of the request.
    package var host: String
    package var bytesSent: Int
    package var bytesReceived: Int
    /// Whether any byte of the request may have reached the server.
    package var requestMayHaveBeenSent: Bool
}
