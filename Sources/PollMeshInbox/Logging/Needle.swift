import Digests
import Transfer

/// A form in which a secret may stand in a text.
struct Needle: Sendable, Hashable {
    /// The length from which the beginning of a secret is looked for by itself, in bytes.
    static let shortestPiece = 8
    /// The length from which a secret is found although line breaks or blanks were put into it, in bytes.
    private static let shortestWrapped = 16

    let bytes: [UInt8]
    /// Whether the program's own words may hold it by chance.
    let isFamiliar: Bool
    /// From how many bytes on its beginning alone is replaced; `nil` if it is replaced as a whole only.
    let shortestPiece: Int?

    /// All forms of a secret that are looked for as they are. Escaped ones are found in the text without its escapes.
    /// - Parameter isComposite: whether what is secret of it is a secret by itself, as the key is in a connection string.
    static func forms(of secret: [UInt8], isComposite: Bool) -> [Needle] {
        let text = String(decoding: secret, as: UTF8.self)
        let piece = isComposite ? nil : shortestPiece
        var needles = [Needle(bytes: secret, isFamiliar: isFamiliar(text), shortestPiece: piece)]
        func add(_ form: [UInt8], piece: Int?) {
            guard form.count >= Redactor.shortest, form != secret else { return }
            needles.append(Needle(bytes: form, isFamiliar: false, shortestPiece: piece))
        }
        if secret.contains(UInt8(ascii: " ")) { add(Array(text.replacing(" ", with: "+").utf8), piece: piece) }
        for lead in 0..<3 {
            let core = base64Core(of: secret, lead: lead)
            add(core, piece: piece)
            add(core.map(urlSafe), piece: piece)
        }
        let hex = Hex.encode(secret)
        for form in [hex, hex.uppercased()] {
            add(Array(form.utf8), piece: piece.map { 2 * $0 })
        }
        return needles
    }

    /// How much of the needle there is from a place on, and where that ends.
    func match(_ text: [UInt8], at start: Int) -> (length: Int, end: Int) {
        var (length, place, end) = (0, start, start)
        while length < bytes.count, place < text.count {
            if text[place] == bytes[length] {
                length += 1
                end = place + 1
            } else if bytes.count < Self.shortestWrapped || length < Self.shortestPiece || text[place] > 0x20 {
                break
            }
            place += 1
        }
        return (length, end)
    }

    /// Whether so much of its beginning is to be replaced.
    func isTelling(_ length: Int, allowingPieces: Bool) -> Bool {
        if length == bytes.count { return true }
        guard allowingPieces, let shortestPiece, length >= shortestPiece else { return false }
        return !Self.isWordOrNumber(bytes[..<length])
    }

    /// Whether a text is a word, or a part of a setting's name, so that it may well stand in a sentence of ours.
    private static func isFamiliar(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        if bytes.count <= 15 && isWordOrNumber(bytes[...]) { return true }
        // Looking through all names takes its time, and is seldom needed.
        let capitals = UInt8(ascii: "A")...UInt8(ascii: "Z")
        let isLikeAName = bytes.allSatisfy { $0 == UInt8(ascii: "_") || capitals.contains($0) }
        return isLikeAName && SettingCatalogue.names.contains { $0.contains(text) }
    }

    /// Whether all are digits, or letters of one case but for the first.
    private static func isWordOrNumber(_ bytes: ArraySlice<UInt8>) -> Bool {
        let lower = UInt8(ascii: "a")...UInt8(ascii: "z")
        let upper = UInt8(ascii: "A")...UInt8(ascii: "Z")
        let rest = bytes.dropFirst()
        guard let first = bytes.first, !rest.isEmpty else { return true }
        if lower.contains(first) { return rest.allSatisfy(lower.contains) }
        if upper.contains(first) { return rest.allSatisfy(lower.contains) || rest.allSatisfy(upper.contains) }
        return bytes.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains)
    }

    /// The characters that every Base64 of a longer text has in common when these bytes start in it at an offset that
    /// leaves `lead` when divided by 3: those that hold bits of these bytes only.
    static func base64Core(of bytes: [UInt8], lead: Int) -> [UInt8] {
        let padded = [UInt8](repeating: 0, count: lead) + bytes
        let encoded = Array(Base64.encode(padded).utf8)
        let first = (lead * 8 + 5) / 6
        let end = padded.count * 8 / 6
        return first < end ? Array(encoded[first..<end]) : []
    }

    /// As the other alphabet has it (RFC 4648, section 5).
    private static func urlSafe(_ character: UInt8) -> UInt8 {
        switch character {
        case UInt8(ascii: "+"): UInt8(ascii: "-")
        case UInt8(ascii: "/"): UInt8(ascii: "_")
        default: character
        }
    }
}
