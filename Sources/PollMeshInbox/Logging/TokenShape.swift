/// What secrets look like that were made during the run, or that nobody registered: they are found by what stands before
/// them.
enum TokenShape {
    /// Names of schemes of `Authorization`; what follows is no word.
    private static let schemes = [
        "NHSMESH ", "Bearer ", "bearer ", "SharedKey ", "SharedKeyLite ", "Basic ", "basic ",
    ].map { Array($0.utf8) }
    /// Names of values.
    private static let names = ["sig=", "AccountKey=", "client_secret=", "client_assertion="].map { Array($0.utf8) }
    /// The first characters of every JSON Web Token, which belong to it.
    private static let tokenStart = Array("eyJ".utf8)

    /// What a text has somewhere in which there may be one.
    static let heads = schemes + names + [tokenStart]

    private static let isFirst = (0..<256).map { byte in heads.contains { Int($0[0]) == byte } }

    /// The length from which what follows a scheme is a token, in bytes.
    private static let shortestToken = 16

    /// Where a secret is, if one of the heads begins here.
    static func secret(in text: [UInt8], at start: Int) -> Range<Int>? {
        guard isFirst[Int(text[start])] else { return nil }
        let rest = text[start...]
        if let scheme = schemes.first(where: rest.starts) {
            return value(in: text, from: start + scheme.count, atLeast: shortestToken)
        }
        if let name = names.first(where: rest.starts) {
            return value(in: text, from: start + name.count, atLeast: Redactor.shortest)
        }
        guard rest.starts(with: tokenStart) else { return nil }
        return value(in: text, from: start, atLeast: shortestToken)
    }

    private static func value(in text: [UInt8], from start: Int, atLeast shortest: Int) -> Range<Int>? {
        let end = text[start...].firstIndex { $0 <= 0x20 || ends.contains($0) } ?? text.count
        return end - start >= shortest ? start..<end : nil
    }

    private static let ends = Array("\"'&;,<>()".utf8)
}
