internal import Curl
internal import HTTPTypes
internal import Transfer

/// Sends requests to one account's Blob service, and explains what comes back.
struct StorageClient: Sendable {
    /// How a request gets there and its answer back; at most the given number of bytes of it are kept. The last argument is asked
    /// right before the first byte goes.
    typealias Transport =
        @Sendable (HTTPRequest, RequestBody, Int, (@Sendable () -> Bool)?) async throws(CurlError) -> HTTPAnswer

    /// Enough for every error document.
    static let errorLimit = 64 << 10

    let endpoint: StorageEndpoint
    var credential: Credential
    let classifier: AnswerClassifier
    let requestIDs: RequestIDs
    /// Seconds since 1970.
    let clock: @Sendable () -> Int64
    let transport: Transport

    /// Makes one attempt.
    /// - Parameters:
    ///   - limit: the bytes to keep of the answer's content.
    ///   - permit: asked for right before the first byte goes, when the token and the connection are there.
    /// - Returns: the answer, which is storage's own and says that the operation was done.
    func perform(
        _ request: StorageRequest,
        body: RequestBody,
        _ attempt: Attempt,
        limit: Int = errorLimit,
        permit: WritePermit? = nil
    ) async throws(Failure) -> StorageAnswer {
        if case .identity(let identity) = credential {
            return try await perform(request, body: body, attempt, limit: limit, permit: permit, as: identity)
        }
        try permit?.check()
        let requestID = requestIDs[attempt.operation]
        let message = request.complete(
            for: endpoint,
            credential: credential,
            seconds: clock(),
            requestID: requestID
        )
        let answer: StorageAnswer
        let mayBeSent: (@Sendable () -> Bool)? = permit.map { permit in { @Sendable in permit.isGiven } }
        do throws(CurlError) {
            let received = try await transport(message, body, limit, mayBeSent)
            answer = StorageAnswer(
                status: received.response.status.code,
                fields: received.response.headerFields,
                body: received.body,
                end: received.end
            )
        } catch {
            try permit?.check()
            throw classifier.failure(request.operation, error)
        }
        guard answer.status == request.operation.success else {
            throw classifier.failure(request.operation, answer, seconds: clock())
        }
        if let flaw = AnswerProof.flaw(in: answer, of: request, requestID: requestID) {
            throw classifier.foreign(request.operation, answer, flaw)
        }
        return answer
    }
}
