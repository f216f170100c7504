internal import Transfer

extension PercentEncoding {
    /// Whether a path has the byte as it is: unreserved ones and `/`.
    static func isKeptInPath(_ byte: UInt8) -> Bool {
        isUnreserved(byte) || byte == UInt8(ascii: "/")
    }

    /// The text with `%XX` read as bytes.
    /// - Returns: `nil` where an escape is malformed or the bytes are not UTF-8.
    static func decode(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        Character(UnicodeScalar(character)).hexDigitValue.map(UInt8.init)
    }
}
