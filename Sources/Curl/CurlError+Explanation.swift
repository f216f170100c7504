extension CurlError {
    /// A low-cardinality name for logs.
    package var typeName: String {
        switch kind {
        case .staleConnection: "stale_connection"
        case .timedOut: "timeout"
        case .truncated: "truncated_response"
        case .ambiguousFraming: "ambiguous_response"
        case .headTooLarge: "response_head_too_large"
        case .withheld: "withheld"
        case .tls: TLSFailure(code: code, text: text).rawValue
        case .nameNotResolved: "name_not_resolved"
        case .notConnected: "connection_failed"
        case .connectionLost: "connection_lost"
        case .notHTTP: "not_http"
        case .cancelled: "cancelled"
        case .other: "curl_\(code)"
        }
    }

    /// What happened, in one sentence that names the host and keeps libcurl's words.
    package var explanation: String {
        switch kind {
        case .staleConnection: "\(host) closed an idle connection before answering."
        case .timedOut: "\(host) did not answer in time (\(text))."
        case .truncated: "The response of \(host) ended after \(bytesReceived) bytes, too early (\(text))."
        case .ambiguousFraming: "The response of \(host) has \(text), so that nobody can tell where its body ends."
        case .headTooLarge: "The response of \(host) has \(text)."
        case .withheld: "The request to \(host) was not sent, since it was no longer allowed."
        case .tls: "TLS with \(host) failed: \(TLSFailure(code: code, text: text).reason) (\(text))."
        case .nameNotResolved: "The name of \(host) could not be resolved (\(text))."
        case .notConnected: "No connection to \(host) (\(text))."
        case .connectionLost: "The connection to \(host) broke (\(text))."
        case .notHTTP: "\(host) answered something that is not HTTP (\(text))."
        case .cancelled: "The request to \(host) was cancelled."
        case .other: "The request to \(host) failed (libcurl \(code): \(text))."
        }
    }

    /// What somebody could do about it, where that is known.
    package var advice: String? {
        switch kind {
        case .nameNotResolved: "Check the host name in the settings, the cluster's DNS and the proxy settings."
        case .notConnected: "Check that the service is up, the port, network policies and the proxy settings."
        case .timedOut: "Check the service and the network between; CONNECT_TIMEOUT and STALL_TIMEOUT set the limits."
        case .ambiguousFraming, .headTooLarge:
            "Nothing of it was used. Find out what answers at this address: a proxy or gateway in between makes such headers."
        case .notHTTP: "Check the scheme (http or https) and the port."
        case .tls: TLSFailure(code: code, text: text).advice
        case .connectionLost where requestMayHaveBeenSent && bytesReceived == 0:
            "If that happens each time: check the scheme (http or https), and whether the service wants another client "
                + "certificate, and says so by hanging up (MESH_CLIENT_CERTIFICATE)."
        case .staleConnection, .truncated, .connectionLost, .withheld, .cancelled, .other: nil
        }
    }

    /// Whether the handshake was refused by a certificate or a setting, which another try won't change.
    package var isLastingTLSFailure: Bool {
        // CURLE_SSL_CONNECT_ERROR (35) is also what a connection gives that breaks in the middle of a handshake.
        kind == .tls && (code != 35 || TLSFailure(code: code, text: text) != .other || text.contains("alert"))
    }
}
