import CCurl

extension CurlError.Kind {
    /// The kind of a transfer that ended with this code and libcurl's text about it.
    /// - Parameter isRefusedByProxy: whether a proxy was asked for a tunnel and answered no.
    init(code: CURLcode, text: String, isRefusedByProxy: Bool) {
        self.init(code: code)
        guard self == .connectionLost else { return }
        if isRefusedByProxy {
            self = .notConnected
        } else if text.contains("SSL") && text.contains(" alert ") {
            // In TLS 1.3 a server refuses the client's certificate after the client took the handshake for done
            // (RFC 8446, section 4.4.2.4), so that the alert comes in place of the answer.
            self = .tls
        }
    }

    /// CURLE_TOO_LARGE, of libcurl 8.6.
    private static let tooLarge = CURLcode(rawValue: 100)

    /// The kind of a CURLcode; see libcurl-errors(3).
    init(code: CURLcode) {
        switch code {
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_RESOLVE_HOST:
            self = .nameNotResolved
        case CURLE_COULDNT_CONNECT, CURLE_PROXY:
            self = .notConnected
        case CURLE_OPERATION_TIMEDOUT:
            self = .timedOut
        case CURLE_PARTIAL_FILE:
            self = .truncated
        // libcurl has room for one header line of 100 KB, and says of a longer one that its memory is used up.
        case CURLE_OUT_OF_MEMORY, Self.tooLarge:
            self = .headTooLarge
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR:
            self = .connectionLost
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
            self = .notHTTP
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_CACERT_BADFILE, CURLE_USE_SSL_FAILED,
            CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT:
            self = .tls
        default:
            self = .other
        }
    }
}
