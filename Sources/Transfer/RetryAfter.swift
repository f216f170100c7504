/// How long a service asks to wait (RFC 9110, section 10.2.3, and Azure's variants in milliseconds).
package enum RetryAfter {
    /// Nobody is waited for longer than this, whatever a header says.
    package static let longest = Duration.seconds(24 * 3600)

    /// Reads a `Retry-After` value: seconds, or a date.
    /// - Parameter now: seconds since 1970.
    /// - Returns: `nil` where it is neither; never negative.
    package static func parse(_ text: String, now: Int64) -> Duration? {
        if let seconds = wholeNumber(text) {
            return min(.seconds(seconds), longest)
        }
        guard let date = HTTPDate.parse(text) else { return nil }
        return min(.seconds(max(0, date - now)), longest)
    }

    /// Reads the value of `retry-after-ms` or `x-ms-retry-after-ms`.
    package static func parseMilliseconds(_ text: String) -> Duration? {
        wholeNumber(text).map { min(.milliseconds($0), longest) }
    }

    private static func wholeNumber(_ text: String) -> Int64? {
        guard !text.isEmpty, text.utf8.count <= 12, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int64(text)
    }
}
