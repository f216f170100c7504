import Curl
import HTTPTypes
import Testing
import Transfer

@testable import AzureBlob

@Suite struct AnswerClassifierTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var operation: StorageOperation
        var status: Int
        var code: String?
        var kind: Failure.Kind
        /// Words of the advice; `nil` for none.
        var advice: String?

        init(
            _ operation: StorageOperation,
            _ status: Int,
            _ code: String?,
            _ kind: Failure.Kind,
            _ advice: String? = nil
        ) {
            self.operation = operation
            self.status = status
            self.code = code
            self.kind = kind
            self.advice = advice
        }

        var testDescription: String { "\(operation.rawValue) \(status) \(code ?? "-")" }
    }

    static let cases: [Case] = [
        .init(.putBlob, 500, "InternalError", .transient),
        .init(.putBlockList, 500, "OperationTimedOut", .transient),
        .init(.putBlob, 503, "ServerBusy", .transient),
        .init(.putBlob, 408, nil, .transient),
        .init(.putBlob, 429, nil, .transient),
        .init(.putBlob, 500, nil, .transient),
        .init(.putBlob, 502, nil, .transient),
        .init(.putBlob, 503, nil, .transient),
        .init(.putBlob, 504, nil, .transient),
        .init(.putBlob, 400, "Md5Mismatch", .transient),
        .init(.putBlock, 400, "Crc64Mismatch", .transient),
        .init(.putBlob, 409, "ContainerBeingDeleted", .transient, "being deleted"),
        .init(.createContainer, 409, "AccountBeingCreated", .transient),

        .init(.putBlob, 409, "BlobAlreadyExists", .alreadyExists),
        .init(.putBlob, 412, "ConditionNotMet", .alreadyExists),
        .init(.putBlockList, 409, "BlobAlreadyExists", .alreadyExists),
        .init(.putBlockList, 412, "ConditionNotMet", .alreadyExists),
        .init(.putBlob, 412, "TargetConditionNotMet", .alreadyExists),
        .init(.putBlob, 409, nil, .alreadyExists),
        .init(.putBlob, 412, nil, .alreadyExists),
        .init(.putBlob, 403, "UnauthorizedBlobOverwrite", .alreadyExists),
        .init(.replaceBlob, 412, "ConditionNotMet", .lease),
        .init(.deleteBlob, 412, "ConditionNotMet", .permanent),

        .init(.putBlob, 412, "LeaseIdMissing", .lease),
        .init(.putBlob, 409, "LeaseAlreadyPresent", .lease),
        .init(.replaceBlob, 412, "LeaseLost", .lease),
        .init(.replaceBlob, 412, "LeaseIdMismatchWithBlobOperation", .lease),
        .init(.renewLease, 409, "LeaseNotPresentWithLeaseOperation", .lease),

        .init(.putBlockList, 400, "InvalidBlockList", .stagedBlocksLost),
        .init(.putBlock, 400, "InvalidBlobOrBlock", .stagedBlocksLost),

        .init(.putBlob, 404, "ContainerNotFound", .settings, "container mesh-messages"),
        .init(.getBlobProperties, 404, "ContainerNotFound", .settings, "container mesh-messages"),
        .init(.putBlob, 404, "ContainerDisabled", .settings, "container mesh-messages"),
        .init(.createContainer, 400, "InvalidResourceName", .settings, "container mesh-messages"),
        .init(.putBlob, 400, "InvalidResourceName", .permanent),
        .init(.createContainer, 404, "ResourceNotFound", .settings, "account's name and URL"),
        .init(.createContainer, 400, "InvalidUri", .settings, "account's name and URL"),
        .init(.createContainer, 404, nil, .settings, "account's name and URL"),
        .init(.createContainer, 404, "SomethingNotFound", .settings, "account's name and URL"),
        .init(.putBlob, 400, "AccountRequiresHttps", .settings, "https"),
        .init(.putBlob, 302, nil, .settings, "proxies"),

        .init(.putBlob, 403, "AuthenticationFailed", .refused, "key of the account acct1"),
        .init(.putBlob, 400, "InvalidAuthenticationInfo", .refused, "key of the account acct1"),
        .init(.putBlob, 401, "NoAuthenticationInformation", .refused, "key of the account acct1"),
        .init(.putBlob, 409, "PublicAccessNotPermitted", .refused, "key of the account acct1"),
        .init(.putBlob, 401, nil, .refused, "key of the account acct1"),
        .init(.putBlob, 403, "AuthorizationPermissionMismatch", .refused, "container mesh-messages"),
        .init(.putBlob, 403, "InsufficientAccountPermissions", .refused, "container mesh-messages"),
        .init(.putBlob, 403, "AuthorizationResourceTypeMismatch", .refused, "container mesh-messages"),
        .init(.putBlob, 403, "AuthorizationServiceMismatch", .refused, "container mesh-messages"),
        .init(.putBlob, 403, "SomethingForbidden", .refused, "container mesh-messages"),
        .init(.putBlob, 403, "AuthorizationFailure", .refused, "firewall"),
        .init(.putBlob, 403, "AuthorizationSourceIPMismatch", .refused, "firewall"),
        .init(.putBlob, 403, "AuthorizationProtocolMismatch", .refused, "https"),
        .init(.putBlob, 403, "KeyBasedAuthenticationNotPermitted", .refused, "does not allow account keys"),
        .init(.putBlob, 403, "AccountIsDisabled", .refused, "disabled"),
        .init(.putBlob, 403, nil, .refused, "proxies"),
        .init(.putBlob, 407, nil, .refused, "proxies"),

        .init(.replaceBlob, 409, "BlobImmutableDueToPolicy", .permanent, "STATE_CONTAINER_NAME"),
        .init(.putBlob, 409, "BlobOperationNotSupported", .permanent, "general-purpose v2"),
        .init(.putBlob, 409, "FeatureNotSupported", .permanent, "general-purpose v2"),
        .init(.putBlob, 409, "InvalidBlobType", .permanent),
        .init(.putBlob, 501, "NotImplemented", .permanent, "general-purpose v2"),
        .init(.putBlob, 400, "MetadataTooLarge", .permanent),
        .init(.putBlob, 400, "InvalidMetadata", .permanent),
        .init(.putBlob, 400, "EmptyMetadataKey", .permanent),
        .init(.putBlob, 413, "RequestBodyTooLarge", .permanent),
        .init(.putBlock, 409, "BlockCountExceedsLimit", .permanent),
        .init(.putBlockList, 400, "BlockListTooLong", .permanent),
        .init(.putBlob, 400, "InvalidHeaderValue", .permanent),
        .init(.putBlob, 411, nil, .permanent),
        .init(.putBlob, 400, nil, .permanent),
        .init(.putBlock, 409, nil, .permanent),
        .init(.putBlob, 404, "SomethingNotFound", .permanent),

        .init(.getBlobProperties, 404, "BlobNotFound", .gone),
        .init(.getBlob, 404, "BlobNotFound", .gone),
        .init(.deleteBlob, 404, "BlobNotFound", .gone),
        .init(.acquireLease, 404, "BlobNotFound", .gone),
    ]

    static func classifier(_ connection: String = "AccountName=acct1;AccountKey=c2VjcmV0") throws -> AnswerClassifier {
        let settings = try ConnectionString(connection)
        return AnswerClassifier(
            context: StorageContext(
                endpoint: settings.endpoint,
                container: try ContainerName("mesh-messages"),
                credential: settings.credential
            )
        )
    }

    @Test(arguments: cases)
    func everyAnswerHasItsMeaning(example: Case) throws {
        let classifier = try Self.classifier()
        var inHeader = StorageAnswer(status: example.status, fields: [.serviceRequestID: "1"], body: [])
        if let code = example.code {
            inHeader.fields.append(.errorCode, code)
        }
        var inBody = StorageAnswer(status: example.status, fields: [.serviceRequestID: "1"], body: [])
        if let code = example.code {
            inBody.body = [UInt8]("\u{feff}<?xml version='1.0'?>\n<Error><Code>\(code)</Code></Error>".utf8)
        }
        for answer in [inHeader, inBody] {
            let failure = classifier.failure(example.operation, answer, seconds: 0)
            #expect(failure.kind == example.kind)
            #expect(failure.type == example.code ?? "http_\(example.status)")
            #expect(failure.status == example.status)
            #expect(failure.service == .storage)
            #expect(failure.server == "acct1.blob.core.windows.net")
            #expect(failure.message.contains(example.operation.rawValue))
            if let advice = example.advice {
                #expect(failure.advice?.contains(advice) == true)
            } else {
                #expect(failure.advice == nil)
            }
        }
    }

    @Test(
        arguments: [(400, .permanent), (403, .refused), (413, .permanent), (502, .transient)] as [(Int, Failure.Kind)]
    )
    func whatIsNotStoragesOwnIsSaidToBeSomebodyElses(status: Int, kind: Failure.Kind) throws {
        let page = StorageAnswer(
            status: status,
            fields: [.server: "gate/1"],
            body: [UInt8]("<html><title>Not today</title></html>".utf8)
        )
        let failure = try Self.classifier().failure(.putBlob, page, seconds: 0)
        #expect(failure.kind == kind)
        #expect(failure.message.hasSuffix("\(status) from acct1.blob.core.windows.net, gate/1: \"Not today\"."))
        #expect(failure.advice?.contains("between here and the Blob service") == true)
    }

    @Test func everyRuleIsAmongTheCases() {
        let codes = Set(Self.cases.compactMap(\.code))
        #expect(Set(StorageErrorRule.rules.keys).subtracting(codes).isEmpty)
    }

    @Test func tellsTheServicesWordsAndID() throws {
        let body = """
            <?xml version="1.0" encoding="utf-8"?>
            <Error><Code>ServerBusy</Code><Message>Egress is over the account limit.
            RequestId:11
            Time:2026</Message></Error>
            """
        let answer = StorageAnswer(
            status: 503,
            fields: [.serviceRequestID: "5d3b-1", .retryAfter: "7"],
            body: [UInt8](body.utf8)
        )
        let failure = try Self.classifier().failure(.putBlob, answer, seconds: 0)
        #expect(
            failure.message
                == "Put Blob got 503 ServerBusy from acct1.blob.core.windows.net: Egress is over the account limit."
        )
        #expect(failure.requestID == "5d3b-1")
        #expect(failure.retryAfter == .seconds(7))
    }

    /// A secret is looked for when the failure is logged: until then it must be whole.
    @Test func theServicesWordsAreKeptWholeAndMarkedAsItsOwn() throws {
        let words = String(repeating: "word ", count: 39) + "0123456789abcdef0123456789abcdef"
        let body = "<Error><Code>ServerBusy</Code><Message>\(words)</Message></Error>"
        let id = String(repeating: "5d3b", count: 100)
        let answer = StorageAnswer(status: 503, fields: [.serviceRequestID: id], body: [UInt8](body.utf8))
        let failure = try Self.classifier().failure(.putBlob, answer, seconds: 0)
        #expect(failure.requestID == id)
        let foreign = failure.wording.parts.filter { $0.origin == .foreign }.map(\.text)
        #expect(foreign == ["ServerBusy", "acct1.blob.core.windows.net", words])
        #expect(failure.wording.parts.first { $0.text == words }?.limit == 200)
    }

    @Test(
        arguments: [
            (HTTPField.Name.retryAfter, "3", Duration.seconds(3)),
            (.retryAfter, "Mon, 23 Nov 2026 15:00:10 GMT", .seconds(10)),
            (.retryAfter, "Mon, 23 Nov 2026 14:00:00 GMT", .zero), (.retryAfterMilliseconds, "250", .milliseconds(250)),
            (.serviceRetryAfterMilliseconds, "1500", .milliseconds(1500)), (.retryAfter, "soon", nil),
            (.retryAfter, "-1", nil),
        ] as [(HTTPField.Name, String, Duration?)]
    )
    func readsHowLongToWait(name: HTTPField.Name, value: String, delay: Duration?) {
        #expect(RetryHint.read([name: value], now: Scenario.now) == delay)
    }

    @Test func millisecondsSayMoreThanSeconds() {
        #expect(RetryHint.read([.retryAfter: "1", .retryAfterMilliseconds: "20"], now: 0) == .milliseconds(20))
    }

    @Test(arguments: [(1200, "20 minutes ahead of"), (-1200, "20 minutes behind")])
    func aClockThatIsOffIsToldFromAWrongKey(offset: Int64, words: String) throws {
        let answer = StorageAnswer(
            status: 403,
            fields: [.errorCode: "AuthenticationFailed", .date: HTTPDate.format(Scenario.now)],
            body: []
        )
        let classifier = try Self.classifier()
        #expect(classifier.failure(.putBlob, answer, seconds: Scenario.now + offset).advice?.contains(words) == true)
        #expect(classifier.failure(.putBlob, answer, seconds: Scenario.now + 60).advice?.contains("key") == true)
    }

    @Test func aSASIsToldFromAKey() throws {
        let classifier = try Self.classifier("AccountName=acct1;SharedAccessSignature=sig=x&se=2026-12-01")
        let failed = StorageAnswer(status: 403, fields: [.errorCode: "AuthenticationFailed"], body: [])
        let forbidden = StorageAnswer(status: 403, fields: [.errorCode: "AuthorizationPermissionMismatch"], body: [])
        #expect(
            classifier.failure(.putBlob, failed, seconds: Scenario.now).advice?.contains("ends at 2026-12-01") == true
        )
        #expect(
            classifier.failure(.putBlob, failed, seconds: Scenario.now + 9_999_999).advice?.contains("new SAS") == true
        )
        #expect(classifier.failure(.putBlob, forbidden, seconds: 0).advice?.contains("sp=rcwd") == true)
    }

    @Test func anUnknownProtocolVersionIsSaid() throws {
        let body = "<Error><Code>InvalidHeaderValue</Code><Message>The API version is not supported.</Message></Error>"
        let answer = StorageAnswer(status: 400, fields: [:], body: [UInt8](body.utf8))
        let failure = try Self.classifier().failure(.putBlob, answer, seconds: 0)
        #expect(failure.kind == .settings)
        #expect(failure.advice?.contains("2025-11-05") == true)
    }

    @Test(arguments: [
        "", "<html><Code>Fake</Code></html>", "<soap:Envelope><Error><Code>Fake</Code></Error></soap:Envelope>",
        "{\"error\":{\"code\":\"Fake\"}}", "<Error><Code></Code></Error>", "<Error><Code>Fa ke</Code></Error>",
        "<Error><Code>Fake", "Service <Error><Code>Fake</Code></Error>", "\u{0}\u{ff}",
        "<Error><Code><Value>Fake</Value></Code></Error>",
    ])
    func noOtherBodyHasACode(body: String) {
        #expect(ErrorBody([UInt8](body.utf8)).code == nil)
    }

    @Test(arguments: [
        ("plain words.", "plain words."), ("a\u{1b}[31mb  c", "a [31mb c"),
        ("GET https://x/y?sv=1&sig=SECRET failed", "GET https://x/y?… failed"), ("sig=SECRET", "sig=…"),
        ("really?", "really?"),
        (String(repeating: "a", count: 5_000), String(repeating: "a", count: 4_096) + "…"),
    ])
    func wordsOfOthersAreMadeFitToShow(text: String, shown: String) {
        #expect(Redaction.redact(text) == shown)
    }

    @Test(arguments: [
        (CurlError.Kind.staleConnection, 55, Failure.Kind.staleConnection, "stale_connection"),
        (.timedOut, 28, .transient, "timeout"), (.truncated, 18, .transient, "truncated_response"),
        (.tls, 60, .refused, "tls_server_refused"), (.tls, 35, .transient, "tls"),
        (.nameNotResolved, 6, .transient, "name_not_resolved"),
        (.notConnected, 7, .transient, "connection_failed"), (.connectionLost, 56, .transient, "connection_lost"),
        (.notHTTP, 8, .transient, "not_http"), (.cancelled, 0, .cancelled, "cancelled"),
        (.other, 3, .settings, "curl_3"),
        (.other, 27, .transient, "curl_27"),
    ])
    func whatHappensBelowHTTPHasItsMeaning(
        curlKind: CurlError.Kind,
        code: Int,
        kind: Failure.Kind,
        type: String
    ) throws {
        let error = CurlError(kind: curlKind, code: code, text: "words", host: "acct1.blob.core.windows.net")
        let failure = try Self.classifier().failure(.putBlob, error)
        #expect(failure.kind == kind)
        #expect(failure.type == type)
        #expect(failure.status == nil)
        #expect(failure.server == "acct1.blob.core.windows.net")
    }
}
