import Glibc

/// The ways in which the two protocols write a time; all of them in UTC.
enum Timestamp {
    /// `Mon, 23 Nov 2026 15:00:00 GMT` (RFC 9110, section 5.6.7).
    static func http(_ seconds: Int) -> String {
        format(seconds, "%a, %d %b %Y %H:%M:%S GMT")
    }

    /// `2026-11-23T15:00:00.0000000Z`, as storage services write it.
    static func iso(_ seconds: Int) -> String {
        format(seconds, "%Y-%m-%dT%H:%M:%S.0000000Z")
    }

    /// `202611231500`, as MESH tokens carry it.
    static func mesh(_ seconds: Int) -> String {
        format(seconds, "%Y%m%d%H%M")
    }

    static func parseHTTP(_ text: String) -> Int? {
        let parts = text.split(whereSeparator: { $0 == " " || $0 == ":" })
        guard parts.count == 8, let month = months.firstIndex(of: parts[2]),
            let seconds = seconds(parts[3], "\(month + 1)", parts[1], parts[4], parts[5], parts[6])
        else { return nil }
        return http(seconds) == text ? seconds : nil
    }

    static func parseMESH(_ text: String) -> Int? {
        guard text.utf8.count == 12 else { return nil }
        var fields: [Substring] = []
        var rest = text[...]
        for length in [4, 2, 2, 2, 2] {
            fields.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        guard let seconds = seconds(fields[0], fields[1], fields[2], fields[3], fields[4], "0") else { return nil }
        return mesh(seconds) == text ? seconds : nil
    }

    /// Reads the ISO 8601 forms that a shared access signature may hold: a date, minutes, or seconds.
    static func parseISO(_ text: String) -> Int? {
        let form = text.map { $0.isNumber ? "0" : $0 }
        guard
            ["0000-00-00", "0000-00-00T00:00Z", "0000-00-00T00:00:00Z", "0000-00-00T00:00:00.0000000Z"].contains(
                String(form)
            )
        else { return nil }
        let fields: [Substring] = text.split(whereSeparator: { !$0.isNumber }) + ["0", "0", "0"]
        return seconds(fields[0], fields[1], fields[2], fields[3], fields[4], fields[5])
    }

    private static let months: [Substring] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func seconds(
        _ year: some StringProtocol,
        _ month: some StringProtocol,
        _ day: some StringProtocol,
        _ hour: some StringProtocol,
        _ minute: some StringProtocol,
        _ second: some StringProtocol
    ) -> Int? {
        guard let year = Int(year), let month = Int(month), let day = Int(day), let hour = Int(hour),
            let minute = Int(minute), let second = Int(second),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        // Days since 1970 with the year beginning in March, so that the leap day is its last one.
        let shifted = month > 2 ? year : year - 1
        let monthFromMarch = (month + 9) % 12
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        return ((days * 24 + hour) * 60 + minute) * 60 + second
    }

    private static func format(_ seconds: Int, _ form: String) -> String {
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            let length = strftime(buffer.baseAddress!, buffer.count, form, &parts)
            return String(decoding: UnsafeRawBufferPointer(buffer)[..<length], as: UTF8.self)
        }
    }
}
