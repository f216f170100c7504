import Curl
import HTTPTypes
import Testing

@Suite(.serialized, .timeLimit(.minutes(2)))
struct TLSTests {
    private static let mutual = ["-Verify", "1", "-verify_return_error", "-CAfile", "ca.pem"]

    @Test(arguments: ["-tls1_2", "-tls1_3"], [false, true])
    func trustsTheAuthoritiesThatItIsGiven(version: String, asFile: Bool) async throws {
        let trust: ClientConfiguration.Trust =
            asFile ? .file(try OpenSSL.path("ca.pem")) : .pem(try OpenSSL.file("ca.pem"))
        try await OpenSSL.withServer([version]) { port in
            let (response, body) = try await Self.get(port, ClientConfiguration(trust: trust, usesProxies: false))
            #expect(response.status == .ok)
            #expect(String(decoding: body, as: UTF8.self).contains("no client certificate available"))
        }
    }

    @Test func showsTheClientCertificate() async throws {
        try await OpenSSL.withServer(Self.mutual) { port in
            for (key, password) in [("client.key", nil), ("locked.key", "opens")] {
                let (response, body) = try await Self.get(port, try Self.configuration(key: key, password: password))
                #expect(response.status == .ok)
                #expect(String(decoding: body, as: UTF8.self).contains("tester.api.mesh-client.example"))
            }
        }
    }

    @Test func refusesAServerOfAnotherAuthority() async throws {
        try await OpenSSL.withServer { port in
            let trust = ClientConfiguration.Trust.pem(try OpenSSL.file("other-ca.pem"))
            for trust in [trust, .system] {
                let error = try await failure {
                    try await Self.get(port, ClientConfiguration(trust: trust, usesProxies: false))
                }
                #expect(error.kind == .tls)
                #expect(error.isLastingTLSFailure)
                #expect(!error.requestMayHaveBeenSent)
            }
        }
    }

    @Test func refusesAServerOfAnotherName() async throws {
        try await OpenSSL.withServer(["-cert", "client.pem", "-key", "client.key"]) { port in
            let trust = ClientConfiguration.Trust.pem(try OpenSSL.file("ca.pem"))
            let error = try await failure {
                try await Self.get(port, ClientConfiguration(trust: trust, usesProxies: false))
            }
            #expect(error.kind == .tls && error.isLastingTLSFailure)
        }
    }

    /// With TLS 1.3 the refusal comes when the client takes the handshake for done.
    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func tellsThatItsCertificateWasRefused(version: String) async throws {
        try await OpenSSL.withServer(Self.mutual + [version]) { port in
            let trust = ClientConfiguration.Trust.pem(try OpenSSL.file("ca.pem"))
            let error = try await failure {
                try await Self.get(port, ClientConfiguration(trust: trust, usesProxies: false))
            }
            #expect(error.kind == .tls, "\(error)")
            #expect(error.isLastingTLSFailure)
            #expect(error.text.contains("alert"))
        }
    }

    @Test(arguments: ["-tls1_1"])
    func speaksNoTLSBefore1_2(version: String) async throws {
        try await OpenSSL.withServer([version, "-cipher", "ALL:@SECLEVEL=0"]) { port in
            let trust = ClientConfiguration.Trust.pem(try OpenSSL.file("ca.pem"))
            let error = try await failure {
                try await Self.get(port, ClientConfiguration(trust: trust, usesProxies: false))
            }
            #expect(error.kind == .tls && error.isLastingTLSFailure)
        }
    }

    @Test(arguments: [("locked.key", nil), ("locked.key", "wrong"), ("server.key", nil), ("client.pem", nil)])
    func tellsOfAKeyThatDoesNotFit(key: String, password: String?) async throws {
        let configuration = try Self.configuration(key: key, password: password)
        try await OpenSSL.withServer(Self.mutual) { port in
            let error = try await failure { try await Self.get(port, configuration) }
            #expect(error.kind == .tls && error.isLastingTLSFailure)
        }
    }

    @Test(arguments: ["", "no certificate at all"])
    func tellsOfABundleWithoutCertificates(bundle: String) async throws {
        try await OpenSSL.withServer { port in
            let configuration = ClientConfiguration(trust: .pem(Array(bundle.utf8)), usesProxies: false)
            let error = try await failure { try await Self.get(port, configuration) }
            #expect(error.kind == .tls && error.isLastingTLSFailure)
        }
    }

    private static func configuration(key: String, password: String?) throws -> ClientConfiguration {
        ClientConfiguration(
            trust: .pem(try OpenSSL.file("ca.pem")),
            clientCertificate: .init(
                certificate: try OpenSSL.file("client.pem"),
                key: try OpenSSL.file(key),
                keyPassword: password
            ),
            usesProxies: false
        )
    }

    private static func get(
        _ port: Int,
        _ configuration: ClientConfiguration
    ) async throws -> (response: Response, body: [UInt8]) {
        let client = HTTPClient(engine: HTTPEngine(), configuration: configuration)
        return try await client.answer(request(to: port, scheme: "https"))
    }
}
