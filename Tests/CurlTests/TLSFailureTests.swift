import Testing

@testable import Curl

/// Which side refused which, in the words of OpenSSL 3.0 and later and of libcurl 7.85 and later.
@Suite struct TLSFailureTests {
    @Test(
        arguments: [
            (60, "SSL certificate problem: unable to get local issuer certificate", .serverUnknownAuthority),
            (60, "SSL certificate problem: self-signed certificate in certificate chain", .serverUnknownAuthority),
            (60, "SSL certificate problem: certificate has expired", .serverExpired),
            (60, "SSL certificate problem: certificate is not yet valid", .serverNotYetValid),
            (60, "SSL: no alternative certificate subject name matches target host name 'a.example'", .serverOtherName),
            (60, "SSL: certificate subject name 'b' does not match target host name 'a'", .serverOtherName),
            (
                60, "SSL: no alternative certificate subject name matches target ipv4 address '127.0.0.1'",
                .serverOtherName
            ),
            (60, "SSL certificate problem: EE certificate key too weak", .serverRefused),
            (
                56, "OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert certificate required, errno 0",
                .clientMissing
            ),
            (35, "error:0A000410:SSL routines::sslv3 alert handshake failure", .clientMissing),
            (35, "error:0A000410:SSL routines::ssl/tls alert handshake failure", .clientMissing),
            (
                56, "OpenSSL SSL_read: error:0A000418:SSL routines::tlsv1 alert unknown ca, errno 0",
                .clientUnknownAuthority
            ),
            (56, "error:0A000415:SSL routines::sslv3 alert certificate expired, errno 0", .clientExpired),
            (56, "error:0A000414:SSL routines::sslv3 alert certificate revoked, errno 0", .clientRevoked),
            (56, "error:0A000412:SSL routines::sslv3 alert bad certificate, errno 0", .clientRefused),
            (35, "error:0A00042E:SSL routines::tlsv1 alert protocol version", .noCommonProtocol),
            (35, "error:0A000102:SSL routines::unsupported protocol", .noCommonProtocol),
            (35, "error:0A00010B:SSL routines::wrong version number", .notTLS),
            (58, "could not load PEM client certificate", .ownFiles), (77, "error setting certificate file", .ownFiles),
            (35, "OpenSSL SSL_connect: Connection reset by peer", .other), (35, "", .other),
        ] as [(Int, String, TLSFailure)]
    )
    func theWordsTellWhoRefused(code: Int, text: String, failure: TLSFailure) {
        #expect(TLSFailure(code: code, text: text) == failure)
        let error = CurlError(kind: .tls, code: code, text: text, host: "mesh.example")
        #expect(error.tlsFailure == failure)
        #expect(error.typeName == failure.rawValue)
        #expect(error.explanation.contains(failure.reason))
        #expect(error.isLastingTLSFailure == (failure != .other))
    }

    @Test func eachHasANameAndAdviceOfItsOwn() {
        #expect(Set(TLSFailure.allCases.map(\.reason)).count == TLSFailure.allCases.count)
        for failure in TLSFailure.allCases {
            #expect(failure.rawValue.hasPrefix("tls"))
            #expect(failure.advice.hasSuffix("."))
        }
    }

    @Test func whatIsNoFailureOfTLSHasNone() {
        #expect(CurlError(kind: .timedOut, code: 28, text: "certificate", host: "a").tlsFailure == nil)
    }
}
