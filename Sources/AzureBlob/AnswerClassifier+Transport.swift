internal import Curl
internal import Transfer

extension AnswerClassifier {
    /// Turns what happened below HTTP into a ``Failure``.
    func failure(_ operation: StorageOperation, _ error: CurlError) -> Failure {
        var failure = Failure(
            service: .storage,
            kind: kind(of: error),
            type: error.typeName,
            message: "\(familiar: operation.rawValue) got no answer: \(familiar: Redaction.redact(error.explanation))",
            advice: error.kind == .nameNotResolved
                ? StorageAdvice.checkName.text(context) : error.advice,
            server: context.host
        )
        // A connection that the service had closed before has taken nothing.
        failure.mayTakeEffect = error.requestMayHaveBeenSent && error.kind != .staleConnection
        return failure
    }

    private func kind(of error: CurlError) -> Failure.Kind {
        switch error.kind {
        case .staleConnection: .staleConnection
        case .cancelled: .cancelled
        case .tls: error.isLastingTLSFailure ? .refused : .transient
        case .other where error.code == Self.malformedURL: .settings
        case .timedOut, .truncated, .ambiguousFraming, .headTooLarge, .withheld, .nameNotResolved, .notConnected,
            .connectionLost, .notHTTP, .other:
            .transient
        }
    }

    /// CURLE_URL_MALFORMAT
    private static let malformedURL = 3
}
