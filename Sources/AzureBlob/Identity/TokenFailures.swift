internal import Curl
internal import HTTPTypes
internal import Transfer

/// Says why there is no token: which way was tried, where, with what answer, and what to do.
struct TokenFailures: Sendable {
    let source: TokenSource
    let passedOver: [IdentityChoice.PassedOver]

    /// The endpoint did not answer.
    func unreachable(_ error: CurlError) -> Failure {
        let isAbsent = source.method == .instanceMetadata && !error.requestMayHaveBeenSent && error.kind != .cancelled
        let kind: Failure.Kind =
            switch error.kind {
            case .cancelled: .cancelled
            case .tls where error.isLastingTLSFailure: .refused
            default: isAbsent ? .settings : .transient
            }
        if isAbsent {
            let tried: MarkedText = passedOver.isEmpty ? "" : "; not set up: \(familiar: passedOver.text)"
            return failure(
                kind,
                "no_identity",
                "There is no credential for storage. Tried: instance metadata (\(source.endpoint.host) did not answer "
                    + "within a second)\(tried).",
                advice: .setUpIdentity
            )
        }
        return failure(
            kind,
            error.typeName,
            "\(subject) got no answer: \(familiar: redact(error.explanation))",
            words: error.advice
        )
    }

    /// Somebody else answered in the endpoint's place.
    func foreign(_ answer: HTTPAnswer) -> Failure {
        let words = redact(GatewayWords.text(answer.response, body: answer.body))
        return failure(
            .transient,
            "foreign_answer",
            "\(subject) got \(answer.response.status.code)\(words): not from the token service "
                + "\(source.endpoint.authority) itself, but from something in front of it.",
            advice: .checkAnswer,
            status: answer.response.status.code
        )
    }

    /// The endpoint answered with a token that is none.
    func noToken(_ response: Response) -> Failure {
        failure(
            .settings,
            "no_token",
            "\(subject) got \(response.status.code) from \(source.endpoint.authority), but no bearer token that holds.",
            advice: .checkAnswer,
            status: response.status.code
        )
    }

    /// The file of the cluster's token gave none.
    func noAssertion(_ path: String, isReadable: Bool) -> Failure {
        failure(
            .settings,
            "no_federated_token",
            isReadable
                ? "\(subject) was not asked for: the file \(path) of AZURE_FEDERATED_TOKEN_FILE holds no token."
                : "\(subject) was not asked for: the file \(path) of AZURE_FEDERATED_TOKEN_FILE can't be read.",
            advice: .checkAssertion
        )
    }

    /// The endpoint answered no.
    /// - Returns: the failure, and the waits before further tries, if any.
    func refused(
        _ response: Response,
        _ answer: TokenAnswer,
        body: [UInt8],
        assertion: String?,
        now: Int64
    ) -> (failure: Failure, waits: [Duration]) {
        let status = response.status.code
        let waits = TokenRetryRule.waits(after: status, method: source.method)
        let rule = rule(status, answer)
        var message: MarkedText = "\(subject) got \(status)"
        if let code = answer.errorCode {
            message += " \(code)"
        }
        message += " from \(source.endpoint.authority)"
        if let words = answer.errorMessage.map({ redact($0, beside: assertion) }), !words.isEmpty {
            message += ": \(words)"
        }
        // The services of a machine say some of what they say in pages.
        let isForeign = !answer.isOfTokenService && !body.isEmpty && !source.isOfMachine
        if isForeign {
            message +=
                "\(redact(GatewayWords.text(response, body: body), beside: assertion)): not from the token service itself, but from "
                + "something in front of it"
        }
        var failure = failure(
            rule.kind,
            answer.errorCode ?? "token_http_\(status)",
            message.text.hasSuffix(".") ? message : message + ".",
            words: clockAdvice(rule, response, now)
                ?? (isForeign ? .checkAnswer : rule.advice).text(
                    source,
                    claims: assertion.flatMap(AssertionClaims.init)
                ),
            status: status
        )
        failure.requestID = answer.correlationID.map { redact($0, beside: assertion) }
        failure.retryAfter = RetryHint.read(response.headerFields, now: now)
        return (failure, rule.mayPass ? TokenRetryRule.short : rule.kind == .transient ? waits : [])
    }

    private func rule(_ status: Int, _ answer: TokenAnswer) -> EntraErrorRule {
        if let rule = answer.errorCode.flatMap({ EntraErrorRule.rules[$0] }) {
            return rule
        }
        if !TokenRetryRule.waits(after: status, method: source.method).isEmpty {
            return EntraErrorRule(kind: .transient, advice: source.isOfMachine ? .assignIdentity : .askLater)
        }
        if source.isOfMachine {
            return EntraErrorRule(kind: status == 400 ? .settings : .refused, advice: .assignIdentity)
        }
        return EntraErrorRule(kind: .refused, advice: answer.errorCode == nil ? .checkAnswer : .lookUp)
    }

    /// What the clock has to do with a token whose time is not now.
    private func clockAdvice(_ rule: EntraErrorRule, _ response: Response, _ now: Int64) -> String? {
        guard rule.advice == .renewAssertion, let date = response.headerFields[.date].flatMap(HTTPDate.parse) else {
            return nil
        }
        let minutes = (now - date) / 60
        guard abs(minutes) >= 5 else { return nil }
        return "Set this machine's clock: it is \(abs(minutes)) minutes \(minutes > 0 ? "ahead of" : "behind") that of "
            + "\(source.endpoint.authority)."
    }

    private var subject: MarkedText { "A token for storage by \(familiar: source.description)" }

    private func failure(
        _ kind: Failure.Kind,
        _ type: String,
        _ message: MarkedText,
        advice: IdentityAdvice? = nil,
        words: String? = nil,
        status: Int? = nil
    ) -> Failure {
        Failure(
            service: .storage,
            kind: kind,
            type: type,
            message: message,
            advice: words ?? advice?.text(source, claims: nil),
            status: status,
            server: source.endpoint.authority
        )
    }

    /// The text in one line, without what was sent.
    private func redact(_ text: String, beside assertion: String? = nil) -> String {
        let secret: String? =
            switch source.way {
            case .clientSecret(_, let secret): secret
            case .workloadIdentity: assertion
            case .appService(_, let header, _): header
            case .instanceMetadata: nil
            }
        guard let secret, !secret.isEmpty else { return Redaction.redact(text) }
        let bare = [secret, PercentEncoding.encode(secret)].reduce(text) { $0.replacing($1, with: "***") }
        return Redaction.redact(bare)
    }
}

extension TokenSource {
    /// Whether its tokens come from the machine itself.
    fileprivate var isOfMachine: Bool {
        method == .appService || method == .instanceMetadata
    }
}
