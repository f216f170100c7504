/// How many retries a run may still make, so that a service which is down ends the run soon, and one that fails now and then
/// does not. Every operation that succeeds earns half a retry.
struct RetryBudget: Sendable {
    static let initial = 100.0
    static let earned = 0.5

    private(set) var left = Self.initial

    mutating func earn() {
        left = min(Self.initial, left + Self.earned)
    }

    /// - Returns: false if none is left.
    mutating func spend() -> Bool {
        guard left >= 1 else { return false }
        left -= 1
        return true
    }
}
