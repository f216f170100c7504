internal import COpenSSL
internal import Glibc

/// What an X.509 certificate says of itself (RFC 5280). Times are in seconds since 1970.
package struct Certificate: Sendable, Equatable {
    /// The common name, or the whole name where there is none.
    package var subject: String
    package var issuer: String
    package var notBefore: Int64
    package var notAfter: Int64

    /// Why a text gives no certificates.
    package enum ReadingError: Error, Sendable, Equatable {
        /// There is none in it.
        case none
        /// One of them can't be read, counted from 1.
        case damaged(number: Int)
    }

    /// Reads the certificates of a text in PEM (RFC 7468), in their order; what stands between them is passed over.
    package static func all(pem: [UInt8]) throws(ReadingError) -> [Certificate] {
        var certificates: [Certificate] = []
        let isWhole = OpenSSLReader.forEachCertificate(in: pem) { certificate in
            if let read = Certificate(certificate) { certificates.append(read) }
            return true
        }
        guard isWhole else { throw .damaged(number: certificates.count + 1) }
        guard !certificates.isEmpty else { throw .none }
        return certificates
    }

    /// Whole days until it ends, rounded down; negative when it has ended.
    package func days(from now: Int64) -> Int {
        let seconds = notAfter - now
        return Int((seconds - (seconds < 0 ? 86_399 : 0)) / 86_400)
    }

    private init?(_ certificate: OpaquePointer) {
        guard let start = Self.seconds(X509_get0_notBefore(certificate)),
            let end = Self.seconds(X509_get0_notAfter(certificate))
        else { return nil }
        subject = Self.text(X509_get_subject_name(certificate))
        issuer = Self.text(X509_get_issuer_name(certificate))
        notBefore = start
        notAfter = end
    }

    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
        var parts = tm()
        guard let time, ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
        return Int64(timegm(&parts))
    }

    private static func text(_ name: OpaquePointer?) -> String {
        guard let name else { return "" }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 257) { buffer in
            buffer.initialize(repeating: 0)
            if X509_NAME_get_text_by_NID(name, NID_commonName, buffer.baseAddress, 256) <= 0 {
                X509_NAME_oneline(name, buffer.baseAddress, 256)
            }
            let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            return String(String(decoding: bytes, as: UTF8.self).unicodeScalars.filter { $0.value >= 0x20 })
        }
    }
}
