/// Reads JSON text piece by piece, as it arrives, and keeps no more of it than the token that it is in (RFC 8259).
///
/// It tells a reader what comes, and the reader keeps what it wants: memory does not depend on what it does not want.
package struct JSONScanner {
    /// Why the text is not read any further.
    package enum Fault: Error, Equatable {
        /// It is not JSON, or not all of one value.
        case malformed
        /// Arrays and objects lie in each other more than ``deepest`` deep.
        case tooDeep
        /// A string or a number has more than ``longestToken`` bytes.
        case tooLong
    }

    /// What was read. Texts are those of strings, without their escapes.
    package enum Event: Equatable {
        case beginObject
        case endObject
        case beginArray
        case endArray
        /// The name of a member, before its value.
        case name(String)
        case string(String)
        /// As it was written.
        case number(String)
        case bool(Bool)
        case null
    }

    package static let deepest = 64
    package static let longestToken = 64 << 10

    private enum State {
        case value
        case firstValueOrEnd
        case nameOrEnd
        case name
        case colon
        case commaOrEnd
        case string(isName: Bool)
        case escape(isName: Bool)
        case unicode(isName: Bool, digitsLeft: Int)
        case word
        case end
    }

    private var state = State.value
    /// One bit for each array or object that is open, the innermost last: 1 for an object.
    private var open: UInt64 = 0
    /// How many arrays and objects are open.
    package private(set) var depth = 0
    private var token: [UInt8] = []
    private var codeUnit: UInt16 = 0
    /// The first half of a character that is two in UTF-16.
    private var leadSurrogate: UInt16?

    package init() {}

    /// Reads the next piece.
    /// - Parameter handle: is told of each event in turn, and stops the reading by throwing.
    package mutating func scan(
        _ piece: UnsafeRawBufferPointer,
        _ handle: (Event) throws(Fault) -> Void
    ) throws(Fault) {
        for byte in piece { try scan(byte, handle) }
    }

    /// Says that no more comes.
    package mutating func finish(_ handle: (Event) throws(Fault) -> Void) throws(Fault) {
        if case .word = state { try endWord(handle) }
        guard case .end = state else { throw .malformed }
    }

    private mutating func scan(_ byte: UInt8, _ handle: (Event) throws(Fault) -> Void) throws(Fault) {
        switch state {
        case .string(let isName): return try scanString(byte, isName: isName, handle)
        case .escape(let isName): return try scanEscape(byte, isName: isName)
        case .unicode(let isName, let left): return try scanUnicode(byte, isName: isName, left: left)
        case .word:
            if Self.isPartOfWord(byte) { return try keep(byte) }
            try endWord(handle)
        default: break
        }
        if byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { return }
        try scanStructure(byte, handle)
    }

    private mutating func scanStructure(_ byte: UInt8, _ handle: (Event) throws(Fault) -> Void) throws(Fault) {
        switch (state, byte) {
        case (.firstValueOrEnd, UInt8(ascii: "]")), (.nameOrEnd, UInt8(ascii: "}")): try close(byte, handle)
        case (.commaOrEnd, UInt8(ascii: "]")), (.commaOrEnd, UInt8(ascii: "}")): try close(byte, handle)
        case (.commaOrEnd, UInt8(ascii: ",")): state = isInObject ? .name : .value
        case (.colon, UInt8(ascii: ":")): state = .value
        case (.name, UInt8(ascii: "\"")), (.nameOrEnd, UInt8(ascii: "\"")): state = .string(isName: true)
        case (.value, _), (.firstValueOrEnd, _): try beginValue(byte, handle)
        default: throw .malformed
        }
    }

    private mutating func beginValue(_ byte: UInt8, _ handle: (Event) throws(Fault) -> Void) throws(Fault) {
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard depth < Self.deepest else { throw .tooDeep }
            let isObject = byte == UInt8(ascii: "{")
            open = open << 1 | (isObject ? 1 : 0)
            depth += 1
            state = isObject ? .nameOrEnd : .firstValueOrEnd
            try handle(isObject ? .beginObject : .beginArray)
        case UInt8(ascii: "\""):
            state = .string(isName: false)
        default:
            guard Self.isPartOfWord(byte) else { throw .malformed }
            state = .word
            token.append(byte)
        }
    }

    private var isInObject: Bool { open & 1 == 1 }

    private mutating func close(_ byte: UInt8, _ handle: (Event) throws(Fault) -> Void) throws(Fault) {
        guard isInObject == (byte == UInt8(ascii: "}")) else { throw .malformed }
        open >>= 1
        depth -= 1
        state = depth == 0 ? .end : .commaOrEnd
        try handle(byte == UInt8(ascii: "}") ? .endObject : .endArray)
    }

    private mutating func scanString(
        _ byte: UInt8,
        isName: Bool,
        _ handle: (Event) throws(Fault) -> Void
    ) throws(Fault) {
        guard leadSurrogate == nil || byte == UInt8(ascii: "\\") else { throw .malformed }
        switch byte {
        case UInt8(ascii: "\""):
            guard let text = String(validating: token, as: UTF8.self) else { throw .malformed }
            token.removeAll(keepingCapacity: true)
            state = isName ? .colon : depth == 0 ? .end : .commaOrEnd
            try handle(isName ? .name(text) : .string(text))
        case UInt8(ascii: "\\"):
            state = .escape(isName: isName)
        case 0..<0x20:
            throw .malformed
        default:
            try keep(byte)
        }
    }

    private mutating func scanEscape(_ byte: UInt8, isName: Bool) throws(Fault) {
        if byte == UInt8(ascii: "u") {
            codeUnit = 0
            state = .unicode(isName: isName, digitsLeft: 4)
            return
        }
        guard leadSurrogate == nil, let plain = Self.plain(byte) else { throw .malformed }
        state = .string(isName: isName)
        try keep(plain)
    }

    private static func plain(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0c
        case UInt8(ascii: "n"): 0x0a
        case UInt8(ascii: "r"): 0x0d
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    /// A character is `\uXXXX`, or two of them that are one in UTF-16; a lone half is refused.
    private mutating func scanUnicode(_ byte: UInt8, isName: Bool, left: Int) throws(Fault) {
        guard byte < 0x80, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw .malformed }
        codeUnit = codeUnit << 4 | UInt16(digit)
        if left > 1 {
            state = .unicode(isName: isName, digitsLeft: left - 1)
            return
        }
        state = .string(isName: isName)
        let scalar: Unicode.Scalar?
        if let lead = leadSurrogate {
            leadSurrogate = nil
            guard UTF16.isTrailSurrogate(codeUnit) else { throw .malformed }
            scalar = Unicode.Scalar(0x10000 + (UInt32(lead) - 0xd800) << 10 + (UInt32(codeUnit) - 0xdc00))
        } else if UTF16.isLeadSurrogate(codeUnit) {
            leadSurrogate = codeUnit
            return
        } else {
            scalar = Unicode.Scalar(codeUnit)
        }
        guard let scalar else { throw .malformed }
        for byte in String(Character(scalar)).utf8 { try keep(byte) }
    }

    private mutating func keep(_ byte: UInt8) throws(Fault) {
        guard token.count < Self.longestToken else { throw .tooLong }
        token.append(byte)
    }

    private static func isPartOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."): true
        default: false
        }
    }

    private mutating func endWord(_ handle: (Event) throws(Fault) -> Void) throws(Fault) {
        let word = String(decoding: token, as: UTF8.self)
        let isNumber = JSONNumber.isValid(token)
        token.removeAll(keepingCapacity: true)
        state = depth == 0 ? .end : .commaOrEnd
        switch word {
        case "true", "false": try handle(.bool(word == "true"))
        case "null": try handle(.null)
        default:
            guard isNumber else { throw .malformed }
            try handle(.number(word))
        }
    }
}

/// What a number looks like (RFC 8259, section 6).
enum JSONNumber {
    static func isValid(_ text: [UInt8]) -> Bool {
        var rest = text[...]
        if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        if rest.first == UInt8(ascii: "0") {
            rest.removeFirst()
        } else if !takeDigits(&rest) {
            return false
        }
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            guard takeDigits(&rest) else { return false }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
            guard takeDigits(&rest) else { return false }
        }
        return rest.isEmpty
    }

    /// Whether there was at least one.
    private static func takeDigits(_ text: inout ArraySlice<UInt8>) -> Bool {
        let before = text.count
        text = text.drop { (48...57).contains($0) }
        return text.count < before
    }
}
