import Transfer

/// Writes texts into lines of the log: JSON strings in which nothing is left that a reader would not see.
///
/// Beside what JSON wants escaped, that is every control character, every mark that turns the direction of writing, and
/// every other character without a shape of its own: with those, what others say could hide or forge a part of a line.
enum LogText {
    /// Appends a string with its quotation marks.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        appendEscaped(text, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends a text, escaped likewise, without quotation marks.
    ///
    /// What a character becomes does not depend on what stands around it, so that it can be found when it is escaped.
    static func appendEscaped(_ text: String, to bytes: inout [UInt8]) {
        var text = text
        let isPlain = text.withUTF8 { utf8 in
            var isPlain = true
            // None of them ends the loop, so that many are looked at at once.
            for byte in utf8 {
                let isGood = byte >= 0x20 && byte < 0x7f && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
                isPlain = isPlain && isGood
            }
            if isPlain { bytes += utf8 }
            return isPlain
        }
        if isPlain { return }
        for scalar in text.unicodeScalars {
            append(scalar, to: &bytes)
        }
    }

    private static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        switch scalar {
        case "\"", "\\":
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(UInt8(scalar.value))
        case "\n": bytes += "\\n".utf8
        case "\t": bytes += "\\t".utf8
        case "\r": bytes += "\\r".utf8
        case _ where isUnseen(scalar):
            for unit in UTF16.encode(scalar)! { appendEscape(of: unit, to: &bytes) }
        default:
            bytes += UTF8.encode(scalar)!
        }
    }

    /// Whether a reader would not see the character, or would see others in its place.
    static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7f }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    /// Appends `\uXXXX`.
    private static func appendEscape(of unit: UInt16, to bytes: inout [UInt8]) {
        bytes += "\\u".utf8
        for place in [12, 8, 4, 0] {
            let digit = UInt8(unit >> place & 15)
            bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
