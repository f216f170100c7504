/// Why an HTTP exchange failed below HTTP: names, connections, TLS, time limits, framing.
package struct CurlError: Error, Sendable, Equatable {
    package enum Kind: Sendable {
        /// A reused connection had been closed by the server; the request was not sent a second time.
        case staleConnection
        /// No answer within the connect limit, or a transfer that stood still.
        case timedOut
        /// The response ended before its own framing said so.
        case truncated
        /// The head of the response does not say clearly where its body ends, so that a break could not be told from the end.
        case ambiguousFraming
        /// The response's headers are longer than anybody needs.
        case headTooLarge
        /// The caller took its permission back before the first byte went out.
        case withheld
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
        /// The task was cancelled, or the engine was stopped.
        case cancelled
        /// Anything else that libcurl reports.
        case other
    }

    package var kind: Kind
    /// libcurl's CURLcode.
    package var code: Int
    /// libcurl's own words.
    package var text: String
    /// Host and port of the request, as given.
    package var host: String
    /// The bytes of the body that were sent.
    package var bytesSent: Int
    /// The bytes of the body that were received.
    package var bytesReceived: Int
    /// Whether any byte of the request may have reached the server.
    package var requestMayHaveBeenSent: Bool

    package init(
        kind: Kind,
        code: Int,
        text: String,
        host: String,
        bytesSent: Int = 0,
        bytesReceived: Int = 0,
        requestMayHaveBeenSent: Bool = false
    ) {
        self.kind = kind
        self.code = code
        self.text = text
        self.host = host
        self.bytesSent = bytesSent
        self.bytesReceived = bytesReceived
        self.requestMayHaveBeenSent = requestMayHaveBeenSent
    }
}

extension CurlError: CustomStringConvertible {
    package var description: String {
        "\(host): \(text) (libcurl \(code), \(bytesSent) bytes sent, \(bytesReceived) received)"
    }
}

extension CurlError {
    static func stopped(host: String) -> CurlError {
        CurlError(kind: .cancelled, code: 0, text: "cancelled before it was sent", host: host)
    }
}
