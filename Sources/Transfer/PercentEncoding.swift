/// Percent-encoding of UTF-8 bytes (RFC 3986, section 2.1).
package enum PercentEncoding {
    /// `A-Z a-z 0-9 - . _ ~`
    package static func isUnreserved(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: "~")
    }

    package static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            return true
        default:
            return false
        }
    }

    /// Encodes every byte that is not allowed as it is.
    package static func encode(
        _ text: String,
        keeping isAllowed: (UInt8) -> Bool = isUnreserved,
        isUpperCase: Bool = true
    ) -> String {
        if text.hasOnlyBytes(isAllowed) { return text }
        let letters = UInt8(ascii: isUpperCase ? "A" : "a") - 10
        var encoded: [UInt8] = []
        encoded.reserveCapacity(text.utf8.count + 16)
        for byte in text.utf8 {
            if isAllowed(byte) {
                encoded.append(byte)
            } else {
                encoded.append(UInt8(ascii: "%"))
                encoded.append(hexDigit(byte >> 4, letters))
                encoded.append(hexDigit(byte & 15, letters))
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static func hexDigit(_ value: UInt8, _ letters: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : letters + value
    }

    /// Reads each escape as the byte that it is; what is no escape, or would not be UTF-8, stays as it is.
    package static func decode(_ text: some StringProtocol) -> String {
        var decoded: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let high = hexValue(rest.first), let low = hexValue(rest.dropFirst().first) {
                decoded.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(byte)
            }
        }
        return String(validating: decoded, as: UTF8.self) ?? String(text)
    }

    private static func hexValue(_ digit: UInt8?) -> UInt8? {
        guard let digit else { return nil }
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return digit - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): return digit - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): return digit - UInt8(ascii: "a") + 10
        default: return nil
        }
    }
}
