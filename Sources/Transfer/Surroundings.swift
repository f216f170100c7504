/// The time and the chance that a run sees, so that a test can give its own.
package struct Surroundings: Sendable {
    /// Seconds since 1970.
    package var now: @Sendable () -> Int64
    /// A clock that never goes back, from any start.
    package var uptime: @Sendable () -> Duration
    /// Seconds since 1970 as the time of day that names are made of.
    package var localTime: @Sendable (Int64) -> CivilTime
    /// Throws when the task is cancelled.
    package var sleep: @Sendable (Duration) async throws -> Void
    /// Evenly spread in `0..<1`.
    package var random: @Sendable () -> Double

    package init(
        now: @escaping @Sendable () -> Int64,
        uptime: @escaping @Sendable () -> Duration,
        localTime: @escaping @Sendable (Int64) -> CivilTime = { CivilTime(utc: $0) },
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        random: @escaping @Sendable () -> Double
    ) {
        self.now = now
        self.uptime = uptime
        self.localTime = localTime
        self.sleep = sleep
        self.random = random
    }
}
