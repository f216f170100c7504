import Synchronization

/// Decodes `%XX`; nil when an escape is broken.
func percentDecoded(_ text: some StringProtocol) -> [UInt8]? {
    var bytes = Array(text.utf8)
    guard bytes.contains(UInt8(ascii: "%")) else { return bytes }
    let length = bytes.withUnsafeMutableBufferPointer { bytes -> Int? in
        var read = 0
        var written = 0
        while read < bytes.count {
            if bytes[read] == UInt8(ascii: "%") {
                guard read + 2 < bytes.count, let high = hexDigit(bytes[read + 1]), let low = hexDigit(bytes[read + 2])
                else { return nil }
                bytes[written] = high << 4 | low
                read += 3
            } else {
                bytes[written] = bytes[read]
                read += 1
            }
            written += 1
        }
        return written
    }
    guard let length else { return nil }
    bytes.removeLast(bytes.count - length)
    return bytes
}

private func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
}

/// Encodes everything but letters, digits, and `-._~` (RFC 3986, section 2.3).
func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            bytes.append(byte)
        default:
            bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// A JSON string with its quotes (RFC 8259, section 7).
func jsonString(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\u{0}"..."\u{1F}":
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}

/// Text as it stands between two tags of XML.
func xmlText(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
        switch character {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        default: result.unicodeScalars.append(character)
        }
    }
    return result
}

/// An identifier in the form of a GUID: random for the process, then counted.
func freshGUID() -> String {
    let digits = String(guidCounter.wrappingAdd(1, ordering: .relaxed).newValue, radix: 16)
    return guidStart + String(repeating: "0", count: 12 - digits.count) + digits
}

private let guidCounter = Atomic<UInt64>(0)
private let guidStart: String = {
    let digits = hex((0..<10).map { _ in UInt8.random(in: 0...255) })
    var parts = ""
    for (index, digit) in digits.enumerated() {
        parts.append(digit)
        if [7, 11, 15, 19].contains(index) { parts.append("-") }
    }
    return parts
}()

/// The bytes of a text, copied in one go (a debug build is slow at anything else).
func utf8(_ text: String) -> [UInt8] {
    Array(text.utf8)
}
