import AzureBlob
import Digests
import ProgramFixture
import Transfer

extension FuzzTarget {
    static let tokenAnswer = FuzzTarget(
        "token-answer",
        seeds: [
            #"{"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":"eyJ0.eyJ0.c2ln"}"#,
            #"{"access_token":"t","expires_on":"1795449600","refresh_in":"43199","resource":"https://a"}"#,
            #"{"error":"invalid_client","error_description":"AADSTS7000215: No.\r\nTrace ID: 1","error_codes":[7000215]}"#,
            #"{"error":{"code":"A","message":"b"},"statusCode":400,"correlationId":"1"}"#,
            "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIiwic3ViIjoiYiIsImF1ZCI6WyJjIl0sImV4cCI6MTc5NTQ0OTYwMH0.c2ln",
        ],
        words: jsonWords + [
            "access_token", "expires_in", "expires_on", "refresh_in", "error", "error_description", "AADSTS", "-1",
            "1e99",
            "9223372036854775807", ".", "eyJ",
        ]
    ) { input in
        let answer = TokenAnswer(input)
        if let token = answer.accessToken(now: 1_795_446_000) {
            promise(token.end > 1_795_446_000, "a token that has ended")
            promise("\(token)" == "access token", "it shows itself")
        }
        promise(answer.errorCode?.utf8.count ?? 1 <= 40, "a code of any length")
        promise(answer.errorMessage?.contains(where: \.isNewline) != true, "two lines")
        if let claims = AssertionClaims(token: input.text) {
            promise(!"\(claims)".contains { $0.isNewline }, "two lines")
        }
    }

    static let certificates = FuzzTarget(
        "certificates",
        seeds: [
            KeyPairs.certificate, KeyPairs.certificate + "\n" + KeyPairs.certificate, "text\n" + KeyPairs.certificate,
        ],
        words: [
            "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", "-----BEGIN PRIVATE KEY-----", "\n", "MII", "=",
            "Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-256-CBC,00",
        ]
    ) { input in
        if let found = try? Certificate.all(pem: input) {
            promise(!found.isEmpty, "no certificate")
            for certificate in found { _ = certificate.days(from: 1_795_446_000) }
        }
        let problem = PrivateKey.problem(key: input, password: "password", certificates: input)
        promise(problem != .isEncrypted, "a password is no password")
    }
}
