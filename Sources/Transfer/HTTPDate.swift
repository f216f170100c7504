/// The date that HTTP headers carry, `Mon, 23 Nov 2026 15:00:00 GMT` (RFC 9110, section 5.6.7).
package enum HTTPDate {
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// - Parameter seconds: since 1970-01-01 00:00:00 UTC.
    package static func format(_ seconds: Int64) -> String {
        let time = CivilTime(utc: seconds)
        var text: [UInt8] = []
        text.reserveCapacity(32)
        text.append(weekdays[time.weekday])
        text.append(", ")
        text.appendDigits(of: time.day, width: 2)
        text.append(" ")
        text.append(months[time.month - 1])
        text.append(" ")
        text.appendDigits(of: time.year, width: 4)
        text.append(" ")
        time.appendTime(to: &text, separator: ":")
        text.append(" GMT")
        return String(decoding: text, as: UTF8.self)
    }

    /// - Returns: seconds since 1970-01-01 00:00:00 UTC, or `nil` for anything but the preferred form.
    package static func parse(_ text: some StringProtocol) -> Int64? {
        let parts = text.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 6, parts[5] == "GMT", parts[0].hasSuffix(",") else { return nil }
        guard let day = number(parts[1], 1...31), let month = months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        let clock = parts[4].split(separator: ":", omittingEmptySubsequences: false)
        guard let year = number(parts[3], 1601...9999), clock.count == 3 else { return nil }
        guard let hour = number(clock[0], 0...23), let minute = number(clock[1], 0...59) else { return nil }
        guard let second = number(clock[2], 0...60) else { return nil }
        return CivilTime(year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
            .secondsFromUTC
    }

    private static func number(_ text: some StringProtocol, _ range: ClosedRange<Int>) -> Int? {
        guard text.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int(text), range.contains(value) else {
            return nil
        }
        return value
    }
}
