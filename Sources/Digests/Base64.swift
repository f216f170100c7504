/// Base64 with padding and the standard alphabet (RFC 4648, section 4).
package enum Base64 {
    /// The text of the bytes.
    package static func encode(_ bytes: UnsafeRawBufferPointer) -> String {
        let length = encodedLength(bytes.count)
        return String(unsafeUninitializedCapacity: length) { text in
            write(bytes, to: text)
            return length
        }
    }

    /// The text of the bytes.
    package static func encode(_ bytes: [UInt8]) -> String {
        bytes.withUnsafeBytes { encode($0) }
    }

    /// Appends the text of the bytes.
    package static func append(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        let start = output.count
        output.append(contentsOf: repeatElement(0, count: encodedLength(bytes.count)))
        output.withUnsafeMutableBufferPointer { write(bytes, to: .init(rebasing: $0[start...])) }
    }

    /// The bytes of a text, read strictly: whole groups of four, padding only at the end, no other characters, no
    /// stray bits in the last group.
    /// - Returns: `nil` if the text is anything else.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        decode([UInt8](text.utf8))
    }

    /// The bytes of a text in ASCII, read as strictly.
    package static func decode(_ text: [UInt8]) -> [UInt8]? {
        guard text.count.isMultiple(of: 4) else { return nil }
        var padding = 0
        while padding < 2, padding < text.count, text[text.count - 1 - padding] == UInt8(ascii: "=") {
            padding += 1
        }
        var output: [UInt8] = []
        output.reserveCapacity(text.count / 4 * 3)
        var bits: UInt32 = 0
        var bitCount = 0
        for character in text.dropLast(padding) {
            guard let value = value(of: character) else { return nil }
            bits = bits << 6 | UInt32(value)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                output.append(UInt8(truncatingIfNeeded: bits >> bitCount))
            }
        }
        guard bits & (1 << bitCount - 1) == 0 else { return nil }
        return output
    }

    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    private static func encodedLength(_ count: Int) -> Int {
        (count + 2) / 3 * 4
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to text: UnsafeMutableBufferPointer<UInt8>) {
        let alphabet = alphabet.utf8Start
        var output = 0
        var input = 0
        while input + 3 <= bytes.count {
            let group = UInt32(bytes[input]) << 16 | UInt32(bytes[input + 1]) << 8 | UInt32(bytes[input + 2])
            text[output] = alphabet[Int(group >> 18)]
            text[output + 1] = alphabet[Int(group >> 12 & 63)]
            text[output + 2] = alphabet[Int(group >> 6 & 63)]
            text[output + 3] = alphabet[Int(group & 63)]
            input += 3
            output += 4
        }
        guard input < bytes.count else { return }
        let second = input + 1 < bytes.count ? bytes[input + 1] : nil
        let group = UInt32(bytes[input]) << 16 | UInt32(second ?? 0) << 8
        text[output] = alphabet[Int(group >> 18)]
        text[output + 1] = alphabet[Int(group >> 12 & 63)]
        text[output + 2] = second == nil ? UInt8(ascii: "=") : alphabet[Int(group >> 6 & 63)]
        text[output + 3] = UInt8(ascii: "=")
    }

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
