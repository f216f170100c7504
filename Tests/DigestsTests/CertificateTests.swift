import Digests
import ProgramFixture
import Testing

/// Certificates are read, and keys are proven to be theirs.
@Suite struct CertificateTests {
    private static func all(_ text: String) throws(Certificate.ReadingError) -> [Certificate] {
        try Certificate.all(pem: Array(text.utf8))
    }

    private static func problem(_ key: String, _ password: String?, _ certificates: String) -> PrivateKey.Problem? {
        PrivateKey.problem(key: Array(key.utf8), password: password, certificates: Array(certificates.utf8))
    }

    @Test func aCertificateIsRead() throws {
        let certificate = try #require(Self.all(KeyPairs.certificate).first)
        #expect(certificate.subject == "tester.api.mesh-client.nhs.uk")
        #expect(certificate.issuer == certificate.subject)
        #expect(certificate.notBefore == 1_795_468_722)
        #expect(certificate.notAfter == 2_110_828_722)
    }

    @Test func allOfATextAreReadInTheirOrder() throws {
        let text =
            "Bag Attributes: x\r\n\(KeyPairs.otherCertificate)\n\n# a comment\n\(KeyPairs.rsaCertificate)\n\(KeyPairs.key)"
        #expect(try Self.all(text).map(\.subject) == ["/O=Only an organisation", "rsa"])
    }

    @Test(arguments: ["", "text", KeyPairs.key])
    func aTextWithoutACertificateHasNone(text: String) {
        #expect(throws: Certificate.ReadingError.none) { try Self.all(text) }
    }

    @Test(arguments: [
        (KeyPairs.certificate.replacing("MII", with: "AII"), 1), (String(KeyPairs.certificate.dropLast(60)), 1),
        ("\(KeyPairs.rsaCertificate)\n\(KeyPairs.certificate.replacing("M", with: "!"))", 2),
    ])
    func aDamagedOneIsTold(text: String, number: Int) {
        #expect(throws: Certificate.ReadingError.damaged(number: number)) { try Self.all(text) }
    }

    @Test(
        arguments: [
            (86_400 * 30, 30), (86_400 * 30 - 1, 29), (86_399, 0), (0, 0), (-1, -1), (-86_400, -1), (-86_401, -2),
        ] as [(Int64, Int)]
    )
    func itsDaysAreRoundedDown(seconds: Int64, days: Int) throws {
        let certificate = try #require(Self.all(KeyPairs.certificate).first)
        #expect(certificate.days(from: certificate.notAfter - seconds) == days)
    }

    @Test(
        arguments: [
            (KeyPairs.key, nil, KeyPairs.certificate), (KeyPairs.ecKey, nil, KeyPairs.certificate),
            (KeyPairs.encryptedKey, "kp", KeyPairs.certificate), (KeyPairs.oldEncryptedKey, "kp", KeyPairs.certificate),
            (KeyPairs.rsaKey, nil, KeyPairs.rsaCertificate), (KeyPairs.rsaOldKey, nil, KeyPairs.rsaCertificate),
            (KeyPairs.key, "not needed", KeyPairs.certificate + "\n" + KeyPairs.rsaCertificate),
        ] as [(String, String?, String)]
    )
    func aPairThatFitsIsFine(key: String, password: String?, certificates: String) {
        #expect(Self.problem(key, password, certificates) == nil)
    }

    @Test(
        arguments: [
            (KeyPairs.key, nil, KeyPairs.otherCertificate, .isOfAnother),
            (KeyPairs.rsaKey, nil, KeyPairs.certificate, .isOfAnother),
            (KeyPairs.key, nil, KeyPairs.rsaCertificate + "\n" + KeyPairs.certificate, .isOfALater),
            (KeyPairs.encryptedKey, nil, KeyPairs.certificate, .isEncrypted),
            (KeyPairs.oldEncryptedKey, nil, KeyPairs.certificate, .isEncrypted),
            (KeyPairs.encryptedKey, "wrong", KeyPairs.certificate, .wrongPassword),
            (KeyPairs.oldEncryptedKey, "wrong", KeyPairs.certificate, .wrongPassword),
            (String(KeyPairs.key.dropLast(50)), nil, KeyPairs.certificate, .damaged),
            (KeyPairs.certificate, nil, KeyPairs.certificate, .damaged), ("", nil, "", .damaged),
        ] as [(String, String?, String, PrivateKey.Problem)]
    )
    func whatIsWrongWithAPairIsTold(
        key: String,
        password: String?,
        certificates: String,
        problem: PrivateKey.Problem
    ) {
        #expect(Self.problem(key, password, certificates) == problem)
    }
}
