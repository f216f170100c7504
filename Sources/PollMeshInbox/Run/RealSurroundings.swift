import Curl
import Glibc
import Transfer

extension Surroundings {
    /// The real clock, the process's time zone, and the system's randomness.
    static func real(_ engine: HTTPEngine) -> Surroundings {
        let start = ContinuousClock.now
        return Surroundings(
            now: { Int64(time(nil)) },
            uptime: { start.duration(to: .now) },
            localTime: localTime,
            sleep: { try await engine.sleep(for: $0) },
            random: { Double.random(in: 0..<1) }
        )
    }

    /// The time of day in the zone that `TZ` names.
    private static func localTime(_ seconds: Int64) -> CivilTime {
        var seconds = time_t(seconds)
        var parts = tm()
        localtime_r(&seconds, &parts)
        return CivilTime(
            year: Int(parts.tm_year) + 1900,
            month: Int(parts.tm_mon) + 1,
            day: Int(parts.tm_mday),
            hour: Int(parts.tm_hour),
            minute: Int(parts.tm_min),
            second: Int(parts.tm_sec)
        )
    }
}
