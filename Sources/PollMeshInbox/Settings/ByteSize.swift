/// Sizes as settings write them: bytes, or a number of Ki, Mi or Gi with or without a `B`.
enum ByteSize {
    private static let units: [(name: String, shift: Int)] = [("gi", 30), ("mi", 20), ("ki", 10)]

    /// Reads a size.
    /// - Returns: `nil` for anything else: other units, fractions, signs, spaces, more than an `Int` holds.
    static func bytes(_ text: String) -> Int? {
        var number = text.lowercased()[...]
        var shift = 0
        if number.hasSuffix("ib") {
            number = number.dropLast()
        }
        if let unit = units.first(where: { number.hasSuffix($0.name) }) {
            number = number.dropLast(unit.name.utf8.count)
            shift = unit.shift
        }
        guard !number.isEmpty, number.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(number) else {
            return nil
        }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: 1 << shift)
        return overflow ? nil : bytes
    }

    /// Writes a size in the largest unit that divides it.
    static func text(_ bytes: Int) -> String {
        for unit in units where bytes > 0 && bytes % (1 << unit.shift) == 0 {
            return "\(bytes >> unit.shift)\(unit.name.prefix(1).uppercased())i"
        }
        return "\(bytes)"
    }
}
