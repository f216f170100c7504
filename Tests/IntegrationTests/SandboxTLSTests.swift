import Foundation
import ProgramFixture
import Testing

/// Mutual TLS with a real MESH sandbox: which side refuses which, and why.
@Suite(.serialized, .sandbox(isMutualTLS: true)) struct SandboxTLSTests {
    private let sandbox: Sandbox
    private let certificates: TemporaryFolder
    private let folder = TemporaryFolder()

    init() throws {
        sandbox = try #require(Sandbox.current)
        certificates = try #require(sandbox.certificates)
    }

    private func run(_ arguments: [String] = [], _ changes: [String: String?] = [:]) async throws -> JobRun {
        var settings = sandbox.settings("X26ABC1")
        settings["STORAGE_DIRECTORY"] = folder.file("messages")
        for (name, value) in changes { settings[name] = value }
        return try await Program().job(arguments, settings)
    }

    /// Another pair, whose key is not encrypted.
    private func pair(_ certificate: String, _ key: String? = nil) -> [String: String?] {
        [
            "MESH_CLIENT_CERTIFICATE_FILE": certificates.file("\(certificate).pem"),
            "MESH_CLIENT_KEY_FILE": certificates.file("\(key ?? certificate).key"),
            "MESH_CLIENT_KEY_PASSWORD": nil,
        ]
    }

    /// Who has them can read what went over the wire.
    @Test func theKeysOfSessionsAreWrittenNowhere() async throws {
        let path = folder.file("session-keys")
        try await run(["check"], ["SSLKEYLOGFILE": path]).expectStatus(0)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func aClientCertificateWithAnEncryptedKeyIsLetIn() async throws {
        let run = try await run(["check"])
        run.expectStatus(0)
        #expect(run.complaints.isEmpty)
        #expect(run.summary[number: "certificate.expires_in_days"] == 90)
        let checks = run.lines("check passed").compactMap { $0["check"] }
        for check in ["the certificate of MESH is trusted", "MESH takes our certificate", "MESH lets us in"] {
            #expect(checks.contains(check))
        }
        let server = try #require(run.lines("check passed").first { $0["tls.server.subject"] != nil })
        #expect(server["tls.server.subject"] == "server")
        #expect(server["tls.server.issuer"] == "ca")
        #expect(server[number: "tls.server.expires_in_days"] == 90)
    }

    @Test(arguments: [("client", "plain"), ("client", "sec1"), ("rsa", "rsa"), ("chain", "chain")])
    func everyFormOfKeyAndAChainAreLetIn(certificate: String, key: String) async throws {
        let run = try await run([], pair(certificate, key))
        run.expectStatus(0)
        #expect(run.complaints.isEmpty)
    }

    @Test func theEndOfTheCertificateIsAnnounced() async throws {
        let run = try await run([], pair("soon"))
        run.expectStatus(0)
        #expect(run.complaints.map(\.level) == ["WARNING"])
        #expect(run.complaints.first?[number: "certificate.expires_in_days"] == 10)
        #expect(run.complaints.first?.explanation.contains("the certificate of soon expires on") == true)
        #expect(run.summary[number: "certificate.expires_in_days"] == 10)
    }

    @Test(arguments: [
        ("expired", "has expired"), ("early", "is valid only from"),
    ])
    func outsideOfItsDatesOurCertificateIsNotSent(certificate: String, words: String) async throws {
        let run = try await run([], pair(certificate))
        run.expectStatus(78)
        run.expectOneError("setting is not usable", naming: ["MESH_CLIENT_CERTIFICATE", certificate, words, "clock"])
    }

    @Test func aServerOfAnotherAuthorityIsRefused() async throws {
        for file in [nil, certificates.file("other-ca.pem")] {
            let run = try await run([], ["MESH_CA_CERTIFICATE_FILE": file])
            run.expectStatus(77)
            run.expectOneError(
                "run ended early",
                naming: [
                    "TLS with localhost", "its certificate is of an authority that is not trusted here",
                    "MESH_CA_CERTIFICATE",
                ]
            )
            #expect(run.summary.errorType == "tls_server_unknown_authority")
        }
    }

    @Test func aServerOfAnotherNameIsRefused() async throws {
        let run = try await run([], ["MESH_BASE_URL": sandbox.url.replacing("localhost", with: "127.0.0.1")])
        run.expectStatus(77)
        run.expectOneError("run ended early", naming: ["its certificate is for another host name"])
        #expect(run.summary.errorType == "tls_server_other_name")
    }

    /// The sandbox's server closes the connection without an alert: nothing can be told for sure.
    @Test(arguments: [false, true]) func aServerThatRefusesWithoutAWordIsGuessed(shows: Bool) async throws {
        let run = try await run([], shows ? pair("stranger") : Self.noPair)
        run.expectStatus(69)
        run.expectOneError("run ended early", naming: ["broke", "MESH_CLIENT_CERTIFICATE"])
    }

    private static let noPair: [String: String?] = [
        "MESH_CLIENT_CERTIFICATE_FILE": nil, "MESH_CLIENT_KEY_FILE": nil, "MESH_CLIENT_KEY_PASSWORD": nil,
    ]

    @Test(
        arguments: [
            (nil, "it wants a client certificate", "tls_client_missing"),
            ("stranger", "it does not know the authority of our client certificate", "tls_client_unknown_authority"),
        ] as [(String?, String, String)]
    )
    func aServerThatRefusesWithAnAlertIsUnderstood(certificate: String?, words: String, type: String) async throws {
        try await withTLSFront("server", of: certificates, port: 9, isMutual: true) { port in
            var changes = certificate.map { pair($0) } ?? Self.noPair
            changes["MESH_BASE_URL"] = "https://localhost:\(port)"
            for command in [[], ["check"]] {
                let run = try await run(command, changes)
                run.expectStatus(77)
                let error = try #require(run.lines.first { $0.level == "ERROR" })
                #expect(error.explanation.contains(words), "\(error.source)")
                #expect(error.errorType == type)
            }
        }
    }

    @Test func aServerWhoseCertificateHasEndedIsRefused() async throws {
        try await withTLSFront("old-server", of: certificates, port: 9) { port in
            let run = try await run([], ["MESH_BASE_URL": "https://localhost:\(port)"])
            run.expectStatus(77)
            run.expectOneError("run ended early", naming: ["its certificate, or one of its chain, has expired"])
            #expect(run.summary.errorType == "tls_server_expired")
        }
    }

    @Test func aWrongKeyPasswordIsAMatterOfSettings() async throws {
        let run = try await run([], ["MESH_CLIENT_KEY_PASSWORD": "the wrong password"])
        run.expectStatus(78)
        run.expectOneError(
            "setting is not usable",
            naming: ["MESH_CLIENT_KEY_PASSWORD does not open MESH_CLIENT_KEY"]
        )
    }

    @Test func aKeyOfAnotherCertificateIsAMatterOfSettings() async throws {
        let run = try await run([], pair("client", "stranger"))
        run.expectStatus(78)
        run.expectOneError(
            "setting is not usable",
            naming: ["MESH_CLIENT_KEY is not the key of MESH_CLIENT_CERTIFICATE"]
        )
    }

    @Test func aCertificateWithoutItsKeyIsAMatterOfSettings() async throws {
        let run = try await run([], ["MESH_CLIENT_KEY_FILE": nil, "MESH_CLIENT_KEY_PASSWORD": nil])
        run.expectStatus(78)
        run.expectOneError("setting is not usable", naming: ["MESH_CLIENT_KEY", "MESH_CLIENT_CERTIFICATE"])
    }

    @Test func checkSaysWhichStepFailed() async throws {
        let cases: [([String: String?], Int32, String)] = [
            (["MESH_CA_CERTIFICATE_FILE": nil], 77, "the certificate of MESH is trusted"),
            (pair("stranger"), 69, "MESH takes our certificate"),
        ]
        for (changes, status, step) in cases {
            let run = try await run(["check"], changes)
            run.expectStatus(status)
            #expect(run.lines("check failed").compactMap { $0["check"] } == [step])
            let passed = run.lines("check passed").compactMap { $0["check"] }
            #expect(passed.contains("the name of MESH has an address"))
            #expect(run.lines("check skipped").compactMap { $0["check"] }.contains("MESH lets us in"))
            // The other side is looked at all the same.
            #expect(passed.contains("the journal can be held"))
        }
    }
}
