import Testing
import Transfer

@testable import AzureBlob

/// When a token is used, renewed, or waited for.
@Suite struct AccessTokenTests {
    @Test(
        arguments: [
            // lifetime, refresh_in, when it is renewed
            (3600, nil, 3300), (86_400, nil, 86_100), (300, nil, 150), (1, nil, 1), (3600, 1800, 1800), (3600, 0, 3300),
            (3600, 3600, 3300), (3600, -5, 3300), (0, nil, 0), (.max, nil, 7 * 86_400 - 300), (-1, 5, 0),
        ] as [(Int64, Int64?, Int64)]
    )
    func isRenewedInTime(lifetime: Int64, refreshIn: Int64?, refresh: Int64) {
        let token = AccessToken(text: "a", now: 1000, lifetime: lifetime, refreshIn: refreshIn)
        #expect(token.refresh == 1000 + refresh)
        #expect(token.end >= token.refresh)
    }

    @Test(
        arguments: [
            (0, TokenDecision.use), (3299, .use), (3300, .useAndRefresh), (3589, .useAndRefresh), (3590, .wait),
            (9999, .wait),
        ] as [(Int64, TokenDecision)]
    )
    func decidesByTheTimeLeft(age: Int64, decision: TokenDecision) {
        let token = AccessToken(text: "a", now: 1000, lifetime: 3600, refreshIn: nil)
        #expect(TokenDecision(token, now: 1000 + age) == decision)
    }

    @Test func withoutATokenItWaits() {
        #expect(TokenDecision(nil, now: 0) == .wait)
    }

    @Test(
        arguments: [
            (#"{"access_token":"t","expires_in":60}"#, 60), (#"{"access_token":"t","expires_in":"60"}"#, 60),
            (#"{"access_token":"t","expires_on":"1090","token_type":"Bearer"}"#, 90),
            (#"{"access_token":"t","expires_on":1090,"expires_in":"60"}"#, 60),
            (#"{"access_token":"t","expires_on":"06/20/2026 02:57:58 +00:00"}"#, nil),
            (#"{"access_token":"t","expires_in":0}"#, nil), (#"{"access_token":"t"}"#, nil),
            (#"{"access_token":"","expires_in":60}"#, nil), (#"{"access_token":"t\n","expires_in":60}"#, nil),
            (#"{"access_token":"t","expires_in":60,"token_type":"pop"}"#, nil), (#"[]"#, nil),
            (#"{"access_token":1}"#, nil),
        ] as [(String, Int64?)]
    )
    func readsWhatEndpointsAnswer(body: String, lifetime: Int64?) {
        let token = TokenAnswer(Array(body.utf8)).accessToken(now: 1000)
        #expect(token?.end == lifetime.map { $0 + 1000 })
    }

    @Test(
        arguments: [
            (
                #"{"error":"invalid_client","error_description":"AADSTS7000215: No.\r\nTrace","error_codes":[7000215]}"#,
                "AADSTS7000215", "AADSTS7000215: No."
            ),
            (#"{"error":"invalid_request","error_description":"AADSTS90002: No."}"#, "AADSTS90002", "AADSTS90002: No."),
            (
                #"{"error":"invalid_request","error_description":"Identity not found"}"#, "invalid_request",
                "Identity not found"
            ),
            (#"{"statusCode":400,"message":"No"}"#, nil, "No"),
            (#"{"error":{"code":"ManagedIdentityNotFound","message":"No"}}"#, "ManagedIdentityNotFound", "No"),
            (#"{"error":"<script>"}"#, nil, nil), ("<html>", nil, nil), ("", nil, nil),
            (#"{"error_description":"AADSTS: No"}"#, nil, "AADSTS: No"),
        ] as [(String, String?, String?)]
    )
    func readsTheirRefusals(body: String, code: String?, message: String?) {
        let answer = TokenAnswer(Array(body.utf8))
        #expect(answer.errorCode == code)
        #expect(answer.errorMessage == message)
    }

    @Test func everyCodeHasAdvice() {
        for (code, rule) in EntraErrorRule.rules {
            #expect(code.hasPrefix("AADSTS"))
            #expect([.settings, .refused, .transient].contains(rule.kind))
        }
        let source = TokenSource(.instanceMetadata(clientID: nil))
        for advice in IdentityAdvice.allCases {
            #expect(advice.text(source, claims: nil).hasSuffix("."))
        }
    }

    @Test(arguments: ["", "a.b", "a.b.c", "a.e30.c", "....", "eyJhIjoxfQ.eyJhIjoxfQ.x"])
    func whatIsNoTokenOfAClusterHasNoClaims(text: String) {
        #expect(AssertionClaims(token: text) == nil)
    }
}
