/// Which side of a TLS handshake refused the other, and why.
package enum TLSFailure: String, Sendable, CaseIterable {
    /// The server's certificate is of an authority that is not trusted here.
    case serverUnknownAuthority = "tls_server_unknown_authority"
    /// The server's certificate, or one of its chain, has ended.
    case serverExpired = "tls_server_expired"
    /// The time of the server's certificate has not come.
    case serverNotYetValid = "tls_server_not_yet_valid"
    /// The server's certificate is that of another host.
    case serverOtherName = "tls_server_other_name"
    /// The server's certificate is not accepted for another reason.
    case serverRefused = "tls_server_refused"
    /// The server wants a certificate of ours and has got none.
    case clientMissing = "tls_client_missing"
    /// Our certificate is of an authority that the server does not know.
    case clientUnknownAuthority = "tls_client_unknown_authority"
    /// Our certificate has ended, by the server's clock.
    case clientExpired = "tls_client_expired"
    /// Our certificate was revoked.
    case clientRevoked = "tls_client_revoked"
    /// The server does not accept our certificate for another reason.
    case clientRefused = "tls_client_refused"
    /// Our certificate, key or bundle can't be used; nothing was sent.
    case ownFiles = "tls_own_files"
    /// The two have no version of TLS or no cipher in common.
    case noCommonProtocol = "tls_no_common_protocol"
    /// What answered does not speak TLS.
    case notTLS = "tls_not_spoken"
    /// None of these can be told.
    case other = "tls"

    /// Reads libcurl's code and words.
    init(code: Int, text: String) {
        if Self.ownCodes.contains(code) {
            self = .ownFiles
            return
        }
        let text = text.lowercased()
        let rules = Self.isAlert(text) ? Self.alerts : Self.verdicts
        let found = rules.first { text.contains($0.words) }?.failure
        self = found ?? (code == Self.peerFailedVerification ? .serverRefused : .other)
    }

    /// CURLE_PEER_FAILED_VERIFICATION
    private static let peerFailedVerification = 60
    /// CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE
    private static let ownCodes = [58, 77]

    /// Whether the server said it, in an alert (RFC 8446, section 6).
    private static func isAlert(_ text: String) -> Bool {
        text.contains(" alert ") || text.contains("unrecognized name")
    }

    /// What the server says of us, in OpenSSL's words.
    private static let alerts: [(words: String, failure: TLSFailure)] = [
        ("certificate required", .clientMissing),
        ("handshake failure", .clientMissing),
        ("unknown ca", .clientUnknownAuthority),
        ("certificate expired", .clientExpired),
        ("certificate revoked", .clientRevoked),
        ("bad certificate", .clientRefused),
        ("certificate unknown", .clientRefused),
        ("unsupported certificate", .clientRefused),
        ("access denied", .clientRefused),
        ("decrypt error", .clientRefused),
        ("protocol version", .noCommonProtocol),
        ("insufficient security", .noCommonProtocol),
        ("unrecognized name", .serverOtherName),
    ]

    /// What we say of the server, in libcurl's and OpenSSL's words.
    private static let verdicts: [(words: String, failure: TLSFailure)] = [
        ("does not match target host name", .serverOtherName),
        ("no alternative certificate subject name matches", .serverOtherName),
        ("ip address mismatch", .serverOtherName),
        ("hostname mismatch", .serverOtherName),
        ("certificate has expired", .serverExpired),
        ("certificate is not yet valid", .serverNotYetValid),
        ("unable to get local issuer certificate", .serverUnknownAuthority),
        ("unable to get issuer certificate", .serverUnknownAuthority),
        ("unable to verify the first certificate", .serverUnknownAuthority),
        ("self-signed certificate", .serverUnknownAuthority),
        ("self signed certificate", .serverUnknownAuthority),
        ("wrong version number", .notTLS),
        ("unsupported protocol", .noCommonProtocol),
        ("no protocols available", .noCommonProtocol),
        ("no shared cipher", .noCommonProtocol),
        ("dh key too small", .noCommonProtocol),
        ("ee key too small", .serverRefused),
    ]
}

extension TLSFailure {
    /// Who refused what, as it goes on after "TLS with … failed: ".
    package var reason: String {
        switch self {
        case .serverUnknownAuthority: "its certificate is of an authority that is not trusted here"
        case .serverExpired: "its certificate, or one of its chain, has expired"
        case .serverNotYetValid: "its certificate is not valid yet"
        case .serverOtherName: "its certificate is for another host name"
        case .serverRefused: "its certificate is not accepted here"
        case .clientMissing: "it wants a client certificate, or has no cipher in common with us"
        case .clientUnknownAuthority: "it does not know the authority of our client certificate"
        case .clientExpired: "it takes our client certificate for expired"
        case .clientRevoked: "our client certificate was revoked"
        case .clientRefused: "it refused our client certificate"
        case .ownFiles: "our own certificate, key or CA bundle can't be used"
        case .noCommonProtocol: "it has no version of TLS from 1.2 on, or no cipher, in common with us"
        case .notTLS: "it does not speak TLS at this port"
        case .other: "the handshake broke off"
        }
    }

    /// What to do, in one sentence.
    package var advice: String {
        switch self {
        case .serverUnknownAuthority:
            "Give the root and intermediate certificates that it was signed by as CA bundle: MESH_CA_CERTIFICATE for "
                + "MESH, SSL_CERT_FILE for storage."
        case .serverExpired: "Ask those who run it for a new certificate, and check this machine's clock."
        case .serverNotYetValid: "Check this machine's clock, and ask those who run it."
        case .serverOtherName: "Check the host name in the settings, and that no proxy answers in its place."
        case .serverRefused: "Ask those who run it; no setting here makes a bad certificate good."
        case .clientMissing: "Set MESH_CLIENT_CERTIFICATE and MESH_CLIENT_KEY to the pair that MESH has issued."
        case .clientUnknownAuthority:
            "Check that the client certificate is of this environment (live and integration have authorities of their own) "
                + "and that its intermediate certificates stand behind it."
        case .clientExpired: "Get a new client certificate, and check the clocks of both sides."
        case .clientRevoked: "Get a new client certificate: this one will never work again."
        case .clientRefused: "Check that the client certificate is this mailbox's and of this environment."
        case .ownFiles: "Check the client certificate, its key and its password, and the CA bundle."
        case .noCommonProtocol: "Those who run it have to offer TLS 1.2 or newer."
        case .notTLS: "Check the scheme (http or https) and the port."
        case .other:
            "Check the CA bundle, the client certificate and key, and that the host name is in the certificate."
        }
    }
}

extension CurlError {
    /// Which side refused which; `nil` for what is no failure of TLS.
    package var tlsFailure: TLSFailure? {
        kind == .tls ? TLSFailure(code: code, text: text) : nil
    }
}
