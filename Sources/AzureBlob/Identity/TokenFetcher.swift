package import Curl
internal import HTTPTypes
package import Transfer

/// Asks one source for a token, as often as that source wants to be asked.
package struct TokenFetcher: Sendable {
    /// How a request gets there and its answer back.
    typealias Transport = StorageClient.Transport

    /// More than any token endpoint answers with.
    private static let limit = 64 << 10

    let source: TokenSource
    let failures: TokenFailures
    let surroundings: Surroundings
    /// Reads the token of the cluster anew: it is replaced within the hour.
    let readAssertion: @Sendable (_ path: String) -> String?
    let transport: Transport

    /// - Parameters:
    ///   - client: made for ``TokenSource/configuration(from:)``.
    ///   - readAssertion: reads a small file; `nil` where it can't be read as text.
    package init(
        _ source: TokenSource,
        passedOver: [IdentityChoice.PassedOver],
        client: HTTPClient,
        surroundings: Surroundings,
        readAssertion: @escaping @Sendable (_ path: String) -> String?
    ) {
        self.init(source, passedOver: passedOver, surroundings: surroundings, readAssertion: readAssertion) {
            (request, body, limit, mayBeSent) async throws(CurlError) in
            try await client.perform(request, body: body, limit: limit, mayBeSent: mayBeSent)
        }
    }

    init(
        _ source: TokenSource,
        passedOver: [IdentityChoice.PassedOver],
        surroundings: Surroundings,
        readAssertion: @escaping @Sendable (_ path: String) -> String?,
        transport: @escaping Transport
    ) {
        self.source = source
        self.failures = TokenFailures(source: source, passedOver: passedOver)
        self.surroundings = surroundings
        self.readAssertion = readAssertion
        self.transport = transport
    }

    /// Fetches a token.
    /// - Throws: a failure that no other try at once will change.
    func fetch() async throws(Failure) -> AccessToken {
        var failed = 0
        var stale = 0
        while true {
            let outcome = try await attempt()
            switch outcome {
            case .token(let token):
                return token
            case .stale(let failure):
                stale += 1
                guard stale <= 2 else { throw failure }
            case .failed(let failure, let waits):
                guard failed < waits.count else { throw failure }
                let wait = max(waits[failed], min(failure.retryAfter ?? .zero, Self.longestWait))
                failed += 1
                do {
                    try await surroundings.sleep(wait)
                } catch {
                    throw failure
                }
            }
        }
    }

    /// Whatever an endpoint asks for: a run waits for its token.
    private static let longestWait = Duration.seconds(30)

    private enum Outcome {
        case token(AccessToken)
        /// A reused connection had been closed.
        case stale(Failure)
        /// It may be had after waiting, in all these tries.
        case failed(Failure, waits: [Duration])
    }

    private func attempt() async throws(Failure) -> Outcome {
        let assertion = try assertion()
        let request = TokenRequest(source, assertion: assertion)
        let received: HTTPAnswer
        do throws(CurlError) {
            received = try await transport(request.message, request.body, Self.limit, nil)
        } catch {
            return try outcome(of: error)
        }
        let now = surroundings.now()
        let response = received.response
        let answer = TokenAnswer(received.body)
        if response.status == .ok {
            guard received.end.isWhole, answer.isOfTokenService else {
                return .failed(failures.foreign(received), waits: TokenRetryRule.short)
            }
            guard let token = answer.accessToken(now: now) else { throw failures.noToken(response) }
            return .token(token)
        }
        let refusal = failures.refused(response, answer, assertion: assertion, now: now)
        return .failed(refusal.failure, waits: refusal.waits)
    }

    private func assertion() throws(Failure) -> String? {
        guard case .workloadIdentity(_, let path) = source.way else { return nil }
        let text = readAssertion(path).map { String($0.drop { $0.isWhitespace }) }
        let token = text.map { $0.prefix { !$0.isWhitespace } }.map(String.init) ?? ""
        guard TokenAnswer.isToken(token) else { throw failures.noAssertion(path, isReadable: text != nil) }
        return token
    }

    private func outcome(of error: CurlError) throws(Failure) -> Outcome {
        let failure = failures.unreachable(error)
        switch error.kind {
        case .cancelled: throw failure
        case .staleConnection: return .stale(failure)
        case .tls where error.isLastingTLSFailure: throw failure
        // Nobody there: that doesn't change while a run lasts.
        case _ where source.method == .instanceMetadata && !error.requestMayHaveBeenSent: throw failure
        default: return .failed(failure, waits: TokenRetryRule.short)
        }
    }
}
