/// When something is tried again, and after how long: exponential backoff with full jitter.
package struct RetryPolicy: Sendable, Equatable {
    /// All tries of one operation, the first included; at least 1.
    package var attempts: Int
    package var baseDelay: Duration
    package var maxDelay: Duration

    /// A server may close every idle connection at once; each costs one try that never reached it.
    static let staleConnections = 8

    package init(attempts: Int = 5, baseDelay: Duration = .milliseconds(200), maxDelay: Duration = .seconds(30)) {
        self.attempts = attempts
        self.baseDelay = baseDelay
        self.maxDelay = maxDelay
    }

    /// What to do after a failure.
    /// - Parameters:
    ///   - failed: how many tries have failed, this one included, those on stale connections excepted.
    ///   - stale: how many tries met a stale connection, this one included.
    ///   - random: in `0..<1`.
    /// - Returns: the wait before the next try, or `nil` if there is none.
    package func delay(after failure: Failure, failed: Int, stale: Int, random: Double) -> Duration? {
        switch failure.kind {
        case .staleConnection where stale <= Self.staleConnections:
            return .zero
        case .transient, .staleConnection:
            guard failed < attempts else { return nil }
            return backoff(failed: failed, random: random, atLeast: failure.retryAfter)
        default:
            return nil
        }
    }

    /// A random part of `baseDelay * 2^(failed - 1)`, at most `maxDelay`; what the service asked for is waited out in full,
    /// within the same limit.
    private func backoff(failed: Int, random: Double, atLeast asked: Duration?) -> Duration {
        let ceiling = min(maxDelay, baseDelay * (1 << min(max(failed - 1, 0), 20)))
        let jittered = ceiling * random
        guard let asked else { return jittered }
        return max(jittered, min(asked, maxDelay))
    }
}
