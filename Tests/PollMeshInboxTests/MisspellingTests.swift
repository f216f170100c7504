import Testing

@testable import PollMeshInbox

@Suite struct MisspellingTests {
    /// The warnings that are about names.
    private func warnings(_ names: String...) -> [SettingFinding] {
        let environment = Dictionary(uniqueKeysWithValues: names.map { ($0, "not-to-be-shown") })
        let report = SettingsFixture(environment).load()
        return report.warnings.filter { $0.statement.contains("which is no setting") }
    }

    @Test(arguments: [
        ("MESH_PASWORD", "Perhaps MESH_PASSWORD is meant."),
        ("MESH_PASSWROD", "Perhaps MESH_PASSWORD is meant."),
        ("MESH_PASWORD_FILE", "Perhaps MESH_PASSWORD_FILE is meant."),
        ("CONCURENCY", "Perhaps CONCURRENCY is meant."),
        ("LOGLEVEL", "Perhaps LOG_LEVEL is meant."),
        ("REPORT", "Perhaps REPORTS is meant."),
        ("AZURE_STORAGE_CONTAINERNAME", "Perhaps AZURE_STORAGE_CONTAINER_NAME is meant."),
        ("mesh_password", "Write it in upper case: MESH_PASSWORD."),
        ("Mesh_Password_File", "Write it in upper case: MESH_PASSWORD_FILE."),
        ("MESH_CERT", "Remove it, or see `poll-mesh-inbox settings` for what there is."),
        ("AZURE_STORAGE_KEY", "Remove it, or see `poll-mesh-inbox settings` for what there is."),
    ])
    func aNameNearToASettingIsAWarning(name: String, advice: String) {
        let found = warnings(name)
        #expect(found.map(\.setting) == [name])
        #expect(found.first?.advice == advice)
        #expect(found.first?.statement.contains("not-to-be-shown") == false)
    }

    @Test(arguments: [
        "HTTP_PROXY", "http_proxy", "https_proxy", "no_proxy", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "TZDIR",
        "PS1", "_",
        "HOME", "MESH_PORT", "MESH_SERVICE_HOST", "MESH_SERVICE_PORT_HTTPS", "MESH_PORT_443_TCP_ADDR", "PATH", "A",
        "TZX",
        "MESH_SANDBOX_SERVICE_HOST", "OTEL_TRACES_SAMPLER", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_SERVICE_NAME",
        "AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE",
        "AZURE_AUTHORITY_HOST", "AZURE_TOKEN_CREDENTIALS", "IDENTITY_ENDPOINT", "IDENTITY_HEADER",
    ])
    func otherNamesAreNoWarning(name: String) {
        #expect(warnings(name).isEmpty)
    }

    @Test func noSettingIsTakenForAnotherOne() {
        for name in SettingCatalogue.names {
            #expect(warnings(name, "\(name)_FILE").isEmpty, "\(name)")
        }
    }

    @Test(arguments: [
        ("", "", 0), ("A", "A", 0), ("AB", "BA", 1), ("ABC", "AC", 1), ("ABC", "ABXC", 1), ("ABC", "AXC", 1),
        ("ABCD", "BADC", 2),
        ("ABC", "XYZ", nil), ("ABCDE", "AB", nil),
    ])
    func distancesCountInsertionsRemovalsReplacementsAndSwaps(left: String, right: String, expected: Int?) {
        #expect(Misspelling.distance(Array(left.utf8), Array(right.utf8), atMost: 2) == expected)
    }
}
