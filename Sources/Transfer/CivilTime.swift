/// A date and time of day in some time zone, to the second; compares as the calendar does.
package struct CivilTime: Hashable, Sendable {
    /// All fields in one number, the year in the highest bits: a plan, and with it a time, is kept for every listed message.
    private let fields: Int64

    /// - Parameters:
    ///   - year: from -8,388,608 to 8,388,607.
    ///   - second: 0...255, as month, day, hour and minute: whoever reads a text checks what of that the calendar has.
    package init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        let date = Int64(year) << 40 | Int64(month) << 32 | Int64(day) << 24
        fields = date | Int64(hour) << 16 | Int64(minute) << 8 | Int64(second)
    }

    package var year: Int { Int(fields >> 40) }
    /// 1...12
    package var month: Int { field(at: 32) }
    /// 1...31
    package var day: Int { field(at: 24) }
    package var hour: Int { field(at: 16) }
    package var minute: Int { field(at: 8) }
    package var second: Int { field(at: 0) }

    private func field(at bit: Int) -> Int { Int(fields >> bit & 0xff) }

    /// The time in UTC.
    /// - Parameter seconds: since 1970-01-01 00:00:00 UTC.
    package init(utc seconds: Int64) {
        let days = Self.floorDivide(seconds, 86_400)
        let rest = Int(seconds - days * 86_400)
        let (year, month, day) = Self.date(days: days)
        self.init(
            year: year,
            month: month,
            day: day,
            hour: rest / 3600,
            minute: rest % 3600 / 60,
            second: rest % 60
        )
    }

    /// Seconds since 1970-01-01 00:00:00 UTC, if this is a time in UTC.
    package var secondsFromUTC: Int64 {
        Self.days(year: year, month: month, day: day) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    }

    /// 0 for Sunday to 6 for Saturday.
    package var weekday: Int {
        let days = Self.days(year: year, month: month, day: day)
        return Int(days + 4 - Self.floorDivide(days + 4, 7) * 7)
    }

    // Days are counted in eras of 400 years that begin on 1 March, so that the leap day is the last of its year.

    private static func date(days: Int64) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = Int(shifted - era * 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + Int(era) * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    private static func days(year: Int, month: Int, day: Int) -> Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let era = floorDivide(Int64(marchYear), 400)
        let yearOfEra = marchYear - Int(era) * 400
        let marchMonth = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * marchMonth + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + Int64(dayOfEra) - 719_468
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : (value - divisor + 1) / divisor
    }
}

extension CivilTime: Comparable {
    package static func < (left: CivilTime, right: CivilTime) -> Bool {
        left.fields < right.fields
    }
}

extension CivilTime {
    /// `yyyy-MM-dd`
    package var dateText: String {
        var text: [UInt8] = []
        appendDate(to: &text, separator: "-")
        return String(decoding: text, as: UTF8.self)
    }

    /// `yyyyMMdd'T'HHmmss`
    package var compactText: String {
        var text: [UInt8] = []
        appendDate(to: &text)
        text.append(UInt8(ascii: "T"))
        appendTime(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends year, month and day.
    package func appendDate(to text: inout [UInt8], separator: String = "") {
        text.appendDigits(of: year, width: 4)
        text.append(separator)
        text.appendDigits(of: month, width: 2)
        text.append(separator)
        text.appendDigits(of: day, width: 2)
    }

    /// Appends hour, minute and second.
    package func appendTime(to text: inout [UInt8], separator: String = "") {
        text.appendDigits(of: hour, width: 2)
        text.append(separator)
        text.appendDigits(of: minute, width: 2)
        text.append(separator)
        text.appendDigits(of: second, width: 2)
    }

    /// Reads `yyyyMMdd'T'HHmmss`.
    package init?(compactText text: String) {
        var bytes = Array(text.utf8)
        guard bytes.count == 15, bytes.remove(at: 8) == UInt8(ascii: "T") else { return nil }
        self.init(digits: bytes)
    }

    /// Reads `yyyyMMddHHmmss`, of which days are taken as up to 31 in every month.
    init?(digits: some Collection<UInt8>) {
        let digits = digits.map { Int($0) - 48 }
        guard digits.count == 14, digits.allSatisfy((0...9).contains) else { return nil }
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
        let (month, day) = (number(4..<6), number(6..<8))
        let (hour, minute, second) = (number(8..<10), number(10..<12), number(12..<14))
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60 else { return nil }
        self.init(year: number(0..<4), month: month, day: day, hour: hour, minute: minute, second: second)
    }
}
