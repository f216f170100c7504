/// A text as bytes, of which is known from where in the original they come.
struct TextView {
    private(set) var bytes: [UInt8] = []
    /// For each byte, what of the original became it.
    private var origins: [Range<Int>] = []

    /// The text as it is.
    init(_ text: String) {
        bytes = Array(text.utf8)
        origins = bytes.indices.map { $0..<($0 + 1) }
    }

    private init() {}

    /// The part of the original that became these bytes.
    func origin(of range: Range<Int>) -> Range<Int> {
        origins[range.lowerBound].lowerBound..<origins[range.upperBound - 1].upperBound
    }

    /// The text with the escapes of URLs, JSON, and HTML and XML read as what they stand for; `nil` if there are none.
    func unescaped() -> TextView? {
        var view = TextView()
        var place = 0
        var isChanged = false
        while place < bytes.count {
            let escape = Escape.read(bytes[place...])
            let length = escape?.length ?? 1
            let origin = origins[place].lowerBound..<origins[place + length - 1].upperBound
            for byte in escape?.value ?? [bytes[place]] {
                view.bytes.append(byte)
                view.origins.append(origin)
            }
            isChanged = isChanged || escape != nil
            place += length
        }
        return isChanged ? view : nil
    }
}

/// An escape at the start of a text.
private struct Escape {
    var value: [UInt8]
    var length: Int

    static func read(_ text: ArraySlice<UInt8>) -> Escape? {
        switch text.first {
        case UInt8(ascii: "%"): percent(text)
        case UInt8(ascii: "\\"): backslash(text)
        case UInt8(ascii: "&"): entity(text)
        default: nil
        }
    }

    private static func percent(_ text: ArraySlice<UInt8>) -> Escape? {
        number(text.dropFirst().prefix(2), digits: 2).map { Escape(value: [UInt8($0)], length: 3) }
    }

    private static func backslash(_ text: ArraySlice<UInt8>) -> Escape? {
        guard let letter = text.dropFirst().first else { return nil }
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Escape(value: [letter], length: 2)
        case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"): return Escape(value: [0x20], length: 2)
        case UInt8(ascii: "u"): break
        default: return nil
        }
        guard let unit = number(text.dropFirst(2).prefix(4), digits: 4) else { return nil }
        if let scalar = Unicode.Scalar(unit) { return Escape(value: Array(String(scalar).utf8), length: 6) }
        let second = text.dropFirst(6)
        guard second.starts(with: "\\u".utf8), let low = number(second.dropFirst(2).prefix(4), digits: 4) else {
            return nil
        }
        let units = [UInt16(unit), UInt16(low)]
        return String(validating: units, as: UTF16.self).map { Escape(value: Array($0.utf8), length: 12) }
    }

    private static let names: [String: UInt8] = [
        "amp": UInt8(ascii: "&"), "lt": UInt8(ascii: "<"), "gt": UInt8(ascii: ">"), "quot": UInt8(ascii: "\""),
        "apos": UInt8(ascii: "'"), "plus": UInt8(ascii: "+"), "sol": UInt8(ascii: "/"), "equals": UInt8(ascii: "="),
    ]

    private static func entity(_ text: ArraySlice<UInt8>) -> Escape? {
        guard let end = text.prefix(10).firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let name = String(decoding: text[(text.startIndex + 1)..<end], as: UTF8.self)
        let length = end - text.startIndex + 1
        if let byte = names[name] { return Escape(value: [byte], length: length) }
        guard name.hasPrefix("#") else { return nil }
        let isHexadecimal = name.dropFirst().lowercased().hasPrefix("x")
        let digits = name.dropFirst(isHexadecimal ? 2 : 1)
        let scalar = UInt32(digits, radix: isHexadecimal ? 16 : 10).flatMap(Unicode.Scalar.init)
        return scalar.map { Escape(value: Array(String($0).utf8), length: length) }
    }

    /// So many hexadecimal digits.
    private static func number(_ text: ArraySlice<UInt8>, digits: Int) -> UInt32? {
        guard text.count == digits, text.first != UInt8(ascii: "+"), text.first != UInt8(ascii: "-") else { return nil }
        return UInt32(String(decoding: text, as: UTF8.self), radix: 16)
    }
}
