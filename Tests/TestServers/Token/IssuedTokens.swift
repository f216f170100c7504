import Synchronization

/// The access tokens that a ``StrictTokenServer`` gave out, and when each ends; a ``StrictBlobServer`` asks it.
package final class IssuedTokens: Sendable {
    private struct State {
        var ends: [String: Int] = [:]
        var order: [String] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Every token so far, in the order in which they were given out.
    package var all: [String] { state.withLock { $0.order } }

    /// Makes a token.
    /// - Parameters:
    ///   - now: seconds since 1970.
    ///   - end: the same.
    func issue(tenant: String, now: Int, end: Int) -> String {
        state.withLock { state in
            // In the shape of the real ones, and with the claims that an emulator looks at.
            let claims =
                "{\"aud\":\"https://storage.azure.com\",\"iss\":\"https://sts.windows.net/\(tenant)/\",\"iat\":\(now),"
                + "\"nbf\":\(now),\"exp\":\(end),\"jti\":\"\(freshGUID())\"}"
            let token = FederatedToken.sign(utf8(claims))
            state.ends[token] = end
            state.order.append(token)
            return token
        }
    }

    func isValid(_ token: String, at now: Int) -> Bool {
        state.withLock { $0.ends[token] ?? 0 } > now
    }

    /// Ends a token before its time.
    package func revoke(_ token: String) {
        state.withLock { $0.ends[token] = 0 }
    }
}
