internal import Transfer

/// Times as a shared access signature writes them: `2026-11-23`, `2026-11-23T15:00Z`, `2026-11-23T15:00:00Z`.
enum ISODate {
    /// Seconds since 1970; `nil` for any other form.
    static func seconds(_ text: String) -> Int64? {
        let halves = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
        let date = halves[0].split(separator: "-", omittingEmptySubsequences: false)
        guard date.count == 3, let year = number(date[0], digits: 4), let month = number(date[1], digits: 2),
            let day = number(date[2], digits: 2)
        else { return nil }
        var (hour, minute, second) = (0, 0, 0)
        if halves.count == 2 {
            let clock = halves[1].dropLast().split(separator: ":", omittingEmptySubsequences: false)
            guard halves[1].hasSuffix("Z"), clock.count == 2 || clock.count == 3,
                let hours = number(clock[0], digits: 2), let minutes = number(clock[1], digits: 2),
                let seconds = clock.count == 2 ? 0 : number(clock[2].prefix { $0 != "." }, digits: 2)
            else { return nil }
            (hour, minute, second) = (hours, minutes, seconds)
        }
        let time = CivilTime(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        guard (1...12).contains(month), CivilTime(utc: time.secondsFromUTC) == time else { return nil }
        return time.secondsFromUTC
    }

    private static func number(_ text: Substring, digits: Int) -> Int? {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}
