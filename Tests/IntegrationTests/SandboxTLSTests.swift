import ProgramFixture
import Testing

/// Mutual TLS with a real MESH sandbox.
@Suite(.serialized, .sandbox(isMutualTLS: true)) struct SandboxTLSTests {
    private let sandbox: Sandbox
    private let folder = TemporaryFolder()

    init() throws {
        sandbox = try #require(Sandbox.current)
    }

    private func run(_ arguments: [String] = [], _ changes: [String: String?] = [:]) async throws -> JobRun {
        var settings = sandbox.settings("X26ABC1")
        settings["STORAGE_DIRECTORY"] = folder.file("messages")
        for (name, value) in changes { settings[name] = value }
        return try await Program().job(arguments, settings)
    }

    @Test func aClientCertificateWithAnEncryptedKeyIsLetIn() async throws {
        let run = try await run(["check"])
        run.expectStatus(0)
        #expect(run.complaints.isEmpty)
    }

    @Test func aServerOfAnotherAuthorityIsRefused() async throws {
        let run = try await run([], ["MESH_CA_CERTIFICATE_FILE": nil])
        run.expectStatus(77)
        run.expectOneError("run ended early", naming: ["TLS with localhost", "certificate", "CA bundle"])
    }

    @Test func aWrongKeyPasswordIsRefused() async throws {
        let run = try await run([], ["MESH_CLIENT_KEY_PASSWORD": "the wrong password"])
        run.expectStatus(77)
        run.expectOneError("run ended early", naming: ["private key"])
    }

    @Test func aCertificateWithoutItsKeyIsAMatterOfSettings() async throws {
        let run = try await run([], ["MESH_CLIENT_KEY_FILE": nil, "MESH_CLIENT_KEY_PASSWORD": nil])
        run.expectStatus(78)
        run.expectOneError("setting is not usable", naming: ["MESH_CLIENT_KEY", "MESH_CLIENT_CERTIFICATE"])
    }
}
