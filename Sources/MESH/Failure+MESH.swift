import Curl
import HTTPTypes
import Transfer

extension Failure {
    /// What an exchange that broke means.
    init(_ error: CurlError, _ operation: Operation) {
        let kind: Kind
        switch error.kind {
        case .cancelled: kind = .cancelled
        case .staleConnection: kind = .staleConnection
        case .tls: kind = error.isLastingTLSFailure ? .refused : .transient
        default: kind = .transient
        }
        self.init(
            service: .mesh,
            kind: kind,
            type: error.typeName,
            message: "MESH did not complete \(familiar: operation.words): \(familiar: error.explanation)",
            advice: error.advice,
            server: error.host
        )
    }

    /// What an answer other than success means.
    /// - Parameter now: seconds since 1970, to compare with the server's clock.
    init(answer: Response, body: [UInt8], operation: Operation, server: String, now: Int64) {
        let status = answer.status.code
        let said = ErrorBody(status: status, body: body)
        if said.isForeign {
            self = .foreignRefusal(answer, body: body, operation: operation, server: server, now: now)
            return
        }
        let rule = AnswerRule.rule(for: status, operation)
        let words = [said.code, said.message].compactMap { $0 }.joined(separator: ", ")
        self.init(
            service: .mesh,
            kind: rule.kind,
            type: said.code ?? "http_\(status)",
            message: "MESH (\(server)) answered \(familiar: operation.words) with \(status)"
                + (words.isEmpty ? "." : " (\(words))."),
            advice: Self.clockAdvice(rule, answer, now) ?? rule.advice?.text,
            status: status,
            requestID: answer.headerFields[.requestID] ?? answer.headerFields[.correlationID],
            server: server,
            retryAfter: answer.headerFields[.retryAfter].flatMap { RetryAfter.parse($0, now: now) }
        )
    }

    /// What the clock has to do with a refused token.
    private static func clockAdvice(_ rule: AnswerRule, _ answer: Response, _ now: Int64) -> String? {
        guard rule.advice == .checkCredentials, let skew = clockSkew(answer, now) else { return nil }
        return "This machine's clock is \(skew) of the server's, and a token holds for 2 hours: set the clock."
    }

    /// By how much the clocks differ, if that is more than five minutes.
    private static func clockSkew(_ answer: Response, _ now: Int64) -> String? {
        guard let date = answer.headerFields[.date].flatMap({ HTTPDate.parse($0) }) else { return nil }
        let minutes = (now - date) / 60
        guard abs(minutes) > 5 else { return nil }
        return "\(abs(minutes)) minutes \(minutes > 0 ? "ahead" : "behind")"
    }
}

extension HTTPField.Name {
    static let requestID = Self("x-request-id")!
    static let correlationID = Self("x-correlation-id")!
}
