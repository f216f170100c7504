/// How one service is reached.
package struct ClientConfiguration: Sendable {
    /// Whose certificates are trusted.
    package enum Trust: Sendable {
        /// The bundle that libcurl was built for.
        case system
        /// A PEM bundle at this path.
        case file(String)
        /// A PEM bundle.
        case pem([UInt8])
    }

    /// The certificate that a service with mutual TLS asks for.
    package struct ClientCertificate: Sendable {
        /// PEM: the certificate, then its chain.
        package var certificate: [UInt8]
        /// PEM.
        package var key: [UInt8]
        package var keyPassword: String?

        package init(certificate: [UInt8], key: [UInt8], keyPassword: String? = nil) {
            self.certificate = certificate
            self.key = key
            self.keyPassword = keyPassword
        }
    }

    package var trust: Trust
    package var clientCertificate: ClientCertificate?
    /// How long a connection may take to be made, names and TLS included.
    package var connectTimeout: Duration
    /// How long a transfer may stand still, waiting for an answer included. Whole seconds, at least one.
    package var stallTimeout: Duration
    package var userAgent: String?
    /// False: the proxies of the environment don't apply.
    package var usesProxies: Bool

    package init(
        trust: Trust = .system,
        clientCertificate: ClientCertificate? = nil,
        connectTimeout: Duration = .seconds(10),
        stallTimeout: Duration = .seconds(60),
        userAgent: String? = nil,
        usesProxies: Bool = true
    ) {
        self.trust = trust
        self.clientCertificate = clientCertificate
        self.connectTimeout = connectTimeout
        self.stallTimeout = stallTimeout
        self.userAgent = userAgent
        self.usesProxies = usesProxies
    }
}
