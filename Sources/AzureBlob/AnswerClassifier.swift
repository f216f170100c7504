internal import Curl
internal import HTTPTypes
internal import Transfer

/// Turns every answer of the Blob service but the wanted one into a ``Failure``.
struct AnswerClassifier: Sendable {
    let context: StorageContext

    /// - Parameter seconds: the time now, in seconds since 1970.
    func failure(_ operation: StorageOperation, _ answer: StorageAnswer, seconds: Int64) -> Failure {
        let error = ErrorBody(answer.body)
        let code = answer.errorCode
        let rule = rule(operation, answer, code: code, words: error.message)
        var message: MarkedText = "\(familiar: operation.rawValue) got \(answer.status)"
        if let code {
            message += " \(code)"
        }
        message += " from \(context.host)"
        let isForeign = code == nil && !AnswerProof.isOwn(answer)
        if let words = error.message {
            message += ": \(words)"
        } else if isForeign {
            message += "\(Redaction.redact(gatewayWords(answer)))"
        }
        let requestID = answer.fields[.serviceRequestID].map { Redaction.redact($0) }
        var failure = Failure(
            service: .storage,
            kind: rule.kind,
            type: code ?? "http_\(answer.status)",
            message: message.text.hasSuffix(".") ? message : message + ".",
            advice: clockAdvice(rule, answer, seconds: seconds)
                ?? (isForeign ? .checkProxy : rule.advice)?.text(context),
            status: answer.status,
            requestID: requestID,
            server: context.host,
            retryAfter: RetryHint.read(answer.fields, now: seconds)
        )
        failure.mayTakeEffect = AnswerProof.leavesOpen(answer)
        return failure
    }

    /// An answer that reports success and is not storage's own: it proves nothing, and the next try may meet storage.
    func foreign(_ operation: StorageOperation, _ answer: StorageAnswer, _ why: String) -> Failure {
        let words = gatewayWords(answer)
        var failure = Failure(
            service: .storage,
            kind: .transient,
            type: "foreign_answer",
            message: "\(familiar: operation.rawValue) got an answer from \(context.host) that \(familiar: why) "
                + "(status \(answer.status)\(Redaction.redact(words))).",
            advice: StorageAdvice.checkProxy.text(context),
            status: answer.status,
            server: context.host
        )
        failure.mayTakeEffect = true
        return failure
    }

    private func gatewayWords(_ answer: StorageAnswer) -> String {
        let response = Response(status: HTTPResponse.Status(code: answer.status), headerFields: answer.fields)
        return GatewayWords.text(response, body: answer.body)
    }

    private func rule(
        _ operation: StorageOperation,
        _ answer: StorageAnswer,
        code: String?,
        words: String?
    ) -> StorageErrorRule {
        if let code, let rule = StorageErrorRule.rule(for: code) {
            return rule
        }
        switch (answer.status, code) {
        case (_, "ConditionNotMet"?), (409, nil), (412, _):
            return conflict(operation)
        case (_, "InvalidResourceName"?):
            return operation == .createContainer
                ? StorageErrorRule(kind: .settings, advice: .createContainer) : StorageErrorRule(kind: .permanent)
        case (400, "InvalidHeaderValue"?) where words?.contains("version") == true:
            return StorageErrorRule(kind: .settings, advice: .updateEmulator)
        case (404, _):
            return missing(operation)
        case (300..<400, _):
            return StorageErrorRule(kind: .settings, advice: .checkProxy)
        case (401, _):
            return StorageErrorRule(kind: .refused, advice: .checkCredential)
        case (403, _):
            return StorageErrorRule(kind: .refused, advice: code == nil ? .checkProxy : .grantPermission)
        case (407, _):
            return StorageErrorRule(kind: .refused, advice: .checkProxy)
        case (408, _), (429, _):
            return StorageErrorRule(kind: .transient)
        case (501, _), (505, _):
            return StorageErrorRule(kind: .permanent, advice: .checkAccountKind)
        case (500..., _):
            return StorageErrorRule(kind: .transient)
        default:
            return StorageErrorRule(kind: .permanent)
        }
    }

    /// An unmet condition: for a creating request there is a blob (look at it), for a journal there is another writer.
    private func conflict(_ operation: StorageOperation) -> StorageErrorRule {
        if operation.createsBlob {
            return StorageErrorRule(kind: .alreadyExists)
        }
        return StorageErrorRule(kind: operation == .replaceBlob ? .lease : .permanent)
    }

    /// No such thing: that is an answer where a blob was looked for.
    private func missing(_ operation: StorageOperation) -> StorageErrorRule {
        switch operation {
        case .getBlobProperties, .getBlob, .deleteBlob, .acquireLease, .renewLease, .releaseLease:
            return StorageErrorRule(kind: .gone)
        case .createContainer:
            return StorageErrorRule(kind: .settings, advice: .checkAddress)
        case .putBlob, .replaceBlob, .putBlock, .putBlockList:
            return StorageErrorRule(kind: .permanent)
        }
    }

    /// What the clock has to do with a refused credential: the service takes requests of the last 15 minutes only.
    private func clockAdvice(_ rule: StorageErrorRule, _ answer: StorageAnswer, seconds: Int64) -> String? {
        guard rule.kind == .refused, rule.advice == .checkCredential else { return nil }
        if let date = answer.fields[.date].flatMap(HTTPDate.parse), abs(seconds - date) >= 300 {
            let minutes = abs(seconds - date) / 60
            let direction = seconds > date ? "ahead of" : "behind"
            return "Set this machine's clock: it is \(minutes) minutes \(direction) the service's."
        }
        if let end = context.credentialEnd, end <= seconds,
            case .sharedAccessSignature(let expiry?) = context.credential
        {
            return "Make a new SAS: this one ended at \(expiry)."
        }
        return nil
    }
}
