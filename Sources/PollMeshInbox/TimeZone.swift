import Glibc

/// The time zone of the process, as libc keeps it.
enum TimeZone {
    /// Makes `localtime_r` and its kin use the zone. Call it before another thread reads the environment.
    static func use(_ zone: String) {
        setenv("TZ", zone, 1)
        tzset()
    }
}
