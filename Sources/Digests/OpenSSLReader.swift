internal import COpenSSL

/// Reads PEM with libcrypto, and leaves nothing behind in its queue of errors.
enum OpenSSLReader {
    /// Hands out the certificates of a text until one is refused.
    /// - Returns: false if one of them can't be read.
    static func forEachCertificate(in pem: [UInt8], _ body: (OpaquePointer) -> Bool) -> Bool {
        withText(pem) { text in
            while true {
                guard let certificate = PEM_read_bio_X509(text, nil, nil, nil) else {
                    // The end of the text: no further line that starts one.
                    return Int(ERR_peek_last_error() & 0x7f_ffff) == Int(PEM_R_NO_START_LINE)
                }
                defer { X509_free(certificate) }
                guard body(certificate) else { return true }
            }
        }
    }

    /// Hands out the first private key of a text, or nothing where it can't be read.
    /// - Parameter password: without one an encrypted key can't be read.
    static func withPrivateKey<Result>(
        in pem: [UInt8],
        password: String,
        _ body: (OpaquePointer?) -> Result
    ) -> Result {
        withText(pem) { text in
            // Without a text for it libcrypto would ask at the terminal.
            let key = password.withCString { password in
                PEM_read_bio_PrivateKey(text, nil, nil, UnsafeMutableRawPointer(mutating: password))
            }
            defer { EVP_PKEY_free(key) }
            return body(key)
        }
    }

    private static func withText<Result>(_ bytes: [UInt8], _ body: (OpaquePointer) -> Result) -> Result {
        ERR_clear_error()
        defer { ERR_clear_error() }
        return bytes.withUnsafeBytes { bytes in
            guard let text = BIO_new_mem_buf(bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1), Int32(bytes.count))
            else { fatalError("libcrypto has no memory for a text") }
            defer { BIO_free(text) }
            return body(text)
        }
    }
}
