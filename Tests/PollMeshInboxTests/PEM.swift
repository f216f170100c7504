import ProgramFixture

/// Certificates and keys as settings hold them.
enum PEM {
    /// When ``certificate`` begins and ends, in seconds since 1970.
    static let start: Int64 = 1_795_468_722
    static let end: Int64 = 2_110_828_722

    static let certificate = KeyPairs.certificate
    /// Of ``certificate``; encrypted under the password "kp".
    static let key = KeyPairs.key
    static let encryptedKey = KeyPairs.encryptedKey
    static let ecKey = KeyPairs.ecKey
    /// Another pair, whose subject has no common name.
    static let otherCertificate = KeyPairs.otherCertificate
    static let otherKey = KeyPairs.otherKey
}
