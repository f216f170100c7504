internal import Curl
internal import HTTPTypes
internal import Transfer

/// How long the service asks to wait before the next attempt.
enum RetryHint {
    /// Reads the headers that say it, the most precise one first.
    /// - Parameter now: seconds since 1970, that a date is compared with.
    static func read(_ fields: ResponseFields, now: Int64) -> Duration? {
        fields[.retryAfterMilliseconds].flatMap(RetryAfter.parseMilliseconds)
            ?? fields[.serviceRetryAfterMilliseconds].flatMap(RetryAfter.parseMilliseconds)
            ?? fields[.retryAfter].flatMap { RetryAfter.parse($0, now: now) }
    }
}
