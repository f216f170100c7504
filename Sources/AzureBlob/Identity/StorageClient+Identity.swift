internal import Curl
internal import Transfer

/// Requests as an identity: each carries the run's token, and a token that is refused is replaced once.
extension StorageClient {
    func perform(
        _ request: StorageRequest,
        body: RequestBody,
        _ attempt: Attempt,
        limit: Int,
        permit: WritePermit?,
        as identity: TokenProvider
    ) async throws(Failure) -> StorageAnswer {
        guard endpoint.scheme == .https || endpoint.isLoopback else { throw unencrypted }
        let token = try await identity.token()
        do throws(Failure) {
            return try await with(token).perform(request, body: body, attempt, limit: limit, permit: permit)
        } catch {
            guard error.status == 401 else { throw error.without(token) }
        }
        // It may have been revoked, or this machine's clock may have stood still.
        let fresh = try await identity.token(insteadOf: token)
        do throws(Failure) {
            return try await with(fresh).perform(request, body: body, attempt, limit: limit, permit: permit)
        } catch {
            throw error.without(fresh)
        }
    }

    private func with(_ token: AccessToken) -> StorageClient {
        var client = self
        client.credential = .bearer(token)
        return client
    }

    private var unencrypted: Failure {
        Failure(
            service: .storage,
            kind: .settings,
            type: "token_over_http",
            message: "The access token of an identity is not sent to \(endpoint.authority) over http.",
            advice: "Use https in AZURE_STORAGE_ACCOUNT_URL.",
            server: endpoint.authority
        )
    }
}

extension Failure {
    /// The same failure, in case the service repeated the token in its words or in the id of the request.
    fileprivate func without(_ token: AccessToken) -> Failure {
        var failure = self
        failure.wording = wording.mapForeign { $0.without(token) }
        failure.requestID = requestID?.without(token)
        return failure
    }
}

extension String {
    fileprivate func without(_ token: AccessToken) -> String {
        // A long one may have been cut.
        guard let start = firstRange(of: token.text.prefix(12)) else { return self }
        let rest = zip(self[start.lowerBound...], token.text).prefix { $0 == $1 }.count
        let end = index(start.lowerBound, offsetBy: rest)
        return "\(self[..<start.lowerBound])***\(String(self[end...]).without(token))"
    }
}
