/// JSON as RFC 8259 has it, written byte by byte.
package enum JSONText {
    /// Appends a string with its quotation marks.
    package static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        appendEscaped(text, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Whether nothing in the text has to be escaped, as far as a quick look can tell.
    private static func isPlain(_ text: String) -> Bool {
        text.hasOnlyBytes { byte in
            byte >= 0x20 && byte < 0x7f && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
        }
    }

    /// Appends valid UTF-8 with everything escaped that a string must not hold, and the control characters above ASCII
    /// that a terminal would obey.
    ///
    /// What a sequence becomes does not depend on what stands around it, so that it can be found when it is escaped.
    package static func appendEscaped(_ text: [UInt8], to bytes: inout [UInt8]) {
        appendEscapes(of: text, to: &bytes)
    }

    /// Appends a text, escaped likewise, without quotation marks.
    package static func appendEscaped(_ text: String, to bytes: inout [UInt8]) {
        if isPlain(text) {
            bytes += text.utf8
        } else {
            appendEscapes(of: text.utf8, to: &bytes)
        }
    }

    private static func appendEscapes(of text: some Sequence<UInt8>, to bytes: inout [UInt8]) {
        var isAfterC2 = false
        for byte in text {
            if isAfterC2 {
                isAfterC2 = false
                if byte < 0xa0 {
                    appendEscape(of: byte, to: &bytes)
                    continue
                }
                bytes.append(0xc2)
            }
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case UInt8(ascii: "\n"):
                bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case UInt8(ascii: "\t"):
                bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
            case UInt8(ascii: "\r"):
                bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
            case 0..<0x20, 0x7f:
                appendEscape(of: byte, to: &bytes)
            case 0xc2:
                isAfterC2 = true
            default:
                bytes.append(byte)
            }
        }
    }

    /// Appends `\u00XX`.
    private static func appendEscape(of byte: UInt8, to bytes: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        bytes += [UInt8(ascii: "\\"), UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0")]
        bytes.append(digits[Int(byte >> 4)])
        bytes.append(digits[Int(byte & 15)])
    }
}
