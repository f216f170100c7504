extension [UInt8] {
    /// Appends a number in decimal digits, with zeros before it up to the width.
    /// - Parameters:
    ///   - number: not negative.
    ///   - width: the digits that there are at least.
    package mutating func appendDigits(of number: Int, width: Int = 1) {
        appendDigits(of: UInt64(number), width: width)
    }

    /// Appends a number in decimal digits, with zeros before it up to the width.
    package mutating func appendDigits(of number: UInt64, width: Int = 1) {
        var (power, length): (UInt64, Int) = (1, 1)
        while number / power >= 10 || length < width {
            power *= 10
            length += 1
        }
        while power > 0 {
            append(UInt8(ascii: "0") + UInt8(number / power % 10))
            power /= 10
        }
    }

    package mutating func append(_ text: String) {
        append(contentsOf: text.utf8)
    }
}
