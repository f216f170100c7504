/// Lengths of time as settings write them: a whole number and `ms`, `s`, `m` or `h`.
enum DurationText {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000),
    ]

    /// Reads a length of time.
    /// - Returns: `nil` for anything else: no unit, fractions, signs, spaces, more than an `Int64` of milliseconds.
    static func duration(_ text: String) -> Duration? {
        let text = text.lowercased()
        let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
        guard
            let number = Int64(String(decoding: digits, as: UTF8.self)),
            let unit = units.first(where: { $0.name == text.dropFirst(digits.count) })
        else { return nil }
        let (milliseconds, overflow) = number.multipliedReportingOverflow(by: unit.milliseconds)
        return overflow ? nil : .milliseconds(milliseconds)
    }

    /// Writes a length of time in the largest unit that divides it.
    static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
        for unit in units.reversed() where milliseconds != 0 && milliseconds % unit.milliseconds == 0 {
            return "\(milliseconds / unit.milliseconds)\(unit.name)"
        }
        return "\(seconds)s"
    }
}
