import Glibc
import Transfer

/// A moment of the real clock, to the millisecond.
package struct WallTime: Sendable, Equatable {
    /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package static func now() -> WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Appends `yyyy-MM-ddTHH:mm:ss.SSSZ` (RFC 3339, section 5.6), in UTC.
    func appendRFC3339(to bytes: inout [UInt8]) {
        let date = CivilTime(utc: (milliseconds - millisecondOfDay) / 1_000)
        date.appendDate(to: &bytes, separator: "-")
        bytes.append(UInt8(ascii: "T"))
        appendTimeOfDay(to: &bytes)
        bytes.append(UInt8(ascii: "."))
        bytes.appendDigits(of: Int(millisecondOfDay % 1_000), width: 3)
        bytes.append(UInt8(ascii: "Z"))
    }

    /// `yyyy-MM-ddTHH:mm:ss.SSSZ`, in UTC.
    var rfc3339: String {
        var bytes: [UInt8] = []
        appendRFC3339(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends `HH:mm:ss`, in UTC.
    func appendTimeOfDay(to bytes: inout [UInt8]) {
        CivilTime(utc: millisecondOfDay / 1_000).appendTime(to: &bytes, separator: ":")
    }

    private static let day: Int64 = 86_400_000

    private var millisecondOfDay: Int64 {
        let rest = milliseconds % Self.day
        return rest < 0 ? rest + Self.day : rest
    }
}
