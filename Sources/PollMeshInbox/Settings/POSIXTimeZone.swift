/// The form of the `TZ` variable that holds the rules itself, such as `UTC0` or `GMT0BST,M3.5.0/1,M10.5.0`.
///
/// libc silently uses UTC for a text that it can't read, so that it is checked here before it is used. The form is that
/// of POSIX.1, "Environment Variables", with the signed hours of up to a week that glibc takes in rules.
struct POSIXTimeZone {
    private var rest: Substring.UTF8View

    /// Whether libc reads the text as rules.
    static func isValid(_ text: String) -> Bool {
        var reader = POSIXTimeZone(rest: text[...].utf8)
        return reader.readAll()
    }

    private mutating func readAll() -> Bool {
        guard readName(), readTime(hours: 24, signed: true) else { return false }
        if rest.isEmpty {
            return true
        }
        guard readName() else { return false }
        if let next = rest.first, next != UInt8(ascii: ",") {
            guard readTime(hours: 24, signed: true) else { return false }
        }
        if rest.isEmpty {
            return true
        }
        return readRule() && readRule() && rest.isEmpty
    }

    private mutating func read(_ mark: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: mark) else { return false }
        rest = rest.dropFirst()
        return true
    }

    private mutating func readSign() {
        if !read("+") {
            _ = read("-")
        }
    }

    /// Three letters or more, or anything of letters, digits and signs in angle brackets.
    private mutating func readName() -> Bool {
        let isQuoted = read("<")
        let name = rest.prefix { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"): isQuoted
            default: false
            }
        }
        rest = rest.dropFirst(name.count)
        return name.count >= 3 && (!isQuoted || read(">"))
    }

    private mutating func readNumber(_ range: ClosedRange<Int>) -> Bool {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest.dropFirst(digits.count)
        guard digits.count <= 3, let number = Int(String(decoding: digits, as: UTF8.self)) else { return false }
        return range.contains(number)
    }

    /// `hh[:mm[:ss]]`
    private mutating func readTime(hours: Int, signed: Bool) -> Bool {
        if signed {
            readSign()
        }
        guard readNumber(0...hours) else { return false }
        for _ in 0..<2 where read(":") {
            guard readNumber(0...59) else { return false }
        }
        return true
    }

    /// `,Mm.w.d`, `,Jn` or `,n`, each perhaps with `/time`.
    private mutating func readRule() -> Bool {
        guard read(",") else { return false }
        if read("M") {
            guard readNumber(1...12), read("."), readNumber(1...5), read("."), readNumber(0...6) else { return false }
        } else if read("J") {
            guard readNumber(1...365) else { return false }
        } else {
            guard readNumber(0...365) else { return false }
        }
        return !read("/") || readTime(hours: 167, signed: true)
    }
}
