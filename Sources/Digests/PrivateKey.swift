internal import COpenSSL

/// Whether a private key can be used: what libcurl would say of it only in the middle of a handshake.
package enum PrivateKey {
    /// What is wrong with a key.
    package enum Problem: Sendable, Equatable, CaseIterable {
        /// It is encrypted, and there is no password.
        case isEncrypted
        /// The password does not open it, or its encrypted content is damaged: the two can't be told apart.
        case wrongPassword
        /// There is no key in it that can be read.
        case damaged
        /// It is the key of another certificate.
        case isOfAnother
        /// It is the key of a later certificate of the text, where the first has to be its own.
        case isOfALater
    }

    /// Checks the first key of a text against the first certificate of another one, both in PEM.
    ///
    /// Keys are PKCS#8 (RFC 5958), encrypted or not, PKCS#1 (RFC 8017) or EC (RFC 5915).
    /// - Returns: `nil` for a pair that can be used.
    package static func problem(key: [UInt8], password: String?, certificates: [UInt8]) -> Problem? {
        OpenSSLReader.withPrivateKey(in: key, password: password ?? "") { opened in
            guard let opened else {
                guard isEncrypted(key) else { return .damaged }
                return password == nil ? .isEncrypted : .wrongPassword
            }
            var number = 0
            var fitting: Int?
            _ = OpenSSLReader.forEachCertificate(in: certificates) { certificate in
                number += 1
                // Not X509_check_private_key, which writes errors that nobody reads.
                if let own = X509_get0_pubkey(certificate), EVP_PKEY_eq(own, opened) == 1 {
                    fitting = number
                }
                return fitting == nil
            }
            return fitting == 1 ? nil : fitting == nil ? .isOfAnother : .isOfALater
        }
    }

    /// Whether a text in PEM says that its key is encrypted, in the way of PKCS#8 or that of RFC 1421.
    package static func isEncrypted(_ pem: [UInt8]) -> Bool {
        let text = String(decoding: pem, as: UTF8.self)
        return text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || text.contains("Proc-Type: 4,ENCRYPTED")
    }
}
