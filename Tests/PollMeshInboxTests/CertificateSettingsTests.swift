import Testing

@testable import PollMeshInbox

/// Certificates and keys are proven before anything is sent.
@Suite struct CertificateSettingsTests {
    private static let certificate = "MESH_CLIENT_CERTIFICATE"
    private static let key = "MESH_CLIENT_KEY"
    private static let password = "MESH_CLIENT_KEY_PASSWORD"
    private static let bundle = "MESH_CA_CERTIFICATE"
    private static let pair = [certificate: PEM.certificate, key: PEM.key]

    private static func load(_ changes: [String: String], now: Int64 = PEM.start + 86_400) -> SettingsReport {
        var fixture = SettingsFixture(pair.merging(changes) { _, new in new })
        fixture.now = now
        return fixture.load()
    }

    @Test func aGoodPairIsNoCauseForWords() {
        let report = Self.load([:])
        #expect(report.problems.isEmpty)
        #expect(report.warningNames == ["MESH_AUTHENTICATION"])
        #expect(report.settings?.mesh.client?.expiresInDays == 3649)
    }

    @Test(arguments: [
        ([key: PEM.encryptedKey, password: "wrong"], password, "does not open MESH_CLIENT_KEY"),
        ([key: PEM.encryptedKey], password, "is not set, but MESH_CLIENT_KEY is encrypted"),
        ([key: PEM.otherKey], key, "is not the key of MESH_CLIENT_CERTIFICATE"),
        ([key: PEM.key.replacing("MIGH", with: "AAAA")], key, "can't be read"),
        ([certificate: PEM.otherCertificate + "\n" + PEM.certificate], certificate, "Put the client's own"),
        ([certificate: PEM.certificate.replacing("MII", with: "AII")], certificate, "can't be read, number 1"),
        ([bundle: PEM.certificate.replacing("MII", with: "AII")], bundle, "can't be read, number 1"),
    ])
    func whatCannotWorkIsOneProblem(changes: [String: String], setting: String, words: String) {
        let report = Self.load(changes)
        #expect(report.problemNames == [setting])
        #expect(report.text.contains(words), "\(report.text)")
        #expect(!report.text.contains("wrong"))
    }

    @Test(arguments: [
        (PEM.start - 1, "is valid only from Mon, 23 Nov 2026 21:18:42 GMT on"),
        (PEM.end, "has expired, on Thu, 20 Nov 2036 21:18:42 GMT"),
    ])
    func outsideOfItsDatesACertificateIsAProblem(now: Int64, words: String) {
        let report = Self.load([:], now: now)
        #expect(report.problemNames == [Self.certificate])
        #expect(report.text.contains("tester.api.mesh-client.nhs.uk \(words)"), "\(report.text)")
        #expect(report.text.contains("clock"))
    }

    @Test(arguments: [(30, nil), (29, 29), (1, 1), (0, 0)] as [(Int64, Int?)])
    func thirtyDaysBeforeItsEndThereIsAWarning(days: Int64, warned: Int?) {
        let report = Self.load([:], now: PEM.end - days * 86_400 - 60)
        #expect(report.problems.isEmpty)
        let warning = report.warnings.first { $0.setting == Self.certificate }
        #expect(warning?.expiresInDays == warned)
        #expect(report.settings?.mesh.client?.expiresInDays == Int(days))
    }

    @Test func theChainCountsToo() {
        // The other certificate ends some seconds later.
        let report = Self.load([Self.certificate: PEM.certificate + "\n" + PEM.otherCertificate], now: PEM.end - 60)
        #expect(report.settings?.mesh.client?.expiresInDays == 0)
    }

    @Test func aBundleNeedsOneThatHolds() {
        let text = PEM.certificate + "\n" + PEM.otherCertificate
        let report = SettingsFixture([Self.bundle: text]).load()
        #expect(report.problems.isEmpty)
        var fixture = SettingsFixture([Self.bundle: text])
        fixture.now = PEM.end + 3600
        let late = fixture.load()
        #expect(late.problemNames == [Self.bundle])
        #expect(late.text.contains("has expired"))
    }
}
