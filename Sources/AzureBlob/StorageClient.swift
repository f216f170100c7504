internal import Curl
internal import HTTPTypes
internal import Transfer

/// Sends requests to one account's Blob service, and explains what comes back.
struct StorageClient: Sendable {
    /// How a request gets there and its answer back; at most the given number of bytes of it are kept.
    typealias Transport =
        @Sendable (HTTPRequest, RequestBody, Int) async throws(CurlError) -> (response: Response, body: [UInt8])

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
    /// - Parameter limit: the bytes to keep of the answer's content.
    /// - Returns: the answer, whose status is the one that says that the operation was done.
    func perform(
        _ request: StorageRequest,
        body: RequestBody,
        _ attempt: Attempt,
        limit: Int = errorLimit
    ) async throws(Failure) -> StorageAnswer {
        if case .identity(let identity) = credential {
            return try await perform(request, body: body, attempt, limit: limit, as: identity)
        }
        let message = request.complete(
            for: endpoint,
            credential: credential,
            seconds: clock(),
            requestID: requestIDs[attempt.operation]
        )
        let answer: StorageAnswer
        do {
            let (response, content) = try await transport(message, body, limit)
            answer = StorageAnswer(status: response.status.code, fields: response.headerFields, body: content)
        } catch {
            throw classifier.failure(request.operation, error)
        }
        guard answer.status == request.operation.success else {
            throw classifier.failure(request.operation, answer, seconds: clock())
        }
        return answer
    }
}
