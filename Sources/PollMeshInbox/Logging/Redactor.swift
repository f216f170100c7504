import Transfer

/// The last line of defence: replaces every known secret in a text by `***`.
///
/// Nothing is meant to bring a secret as far as this. It finds secrets as they are; in Base64, wherever they start in the
/// encoded text; in hexadecimal; with any of their characters escaped as in URLs, JSON, HTML or XML; long ones also with
/// line breaks or blanks behind their first eight bytes; and their beginnings, from eight bytes on that are no plain word
/// or number, since texts of others may be cut. It also finds what looks like a token. It does not find secrets whose
/// letters changed case, the ends of secrets without their beginnings, and secrets of fewer than ``shortest`` bytes, which
/// would be found everywhere.
///
/// It does not look at the program's own words. A password that is a word of our sentences, such as `password`, would be
/// replaced there, and so be told to everybody.
package struct Redactor: Sendable {
    /// The length from which a secret is looked for, in bytes.
    package static let shortest = 4

    /// How a text is looked through.
    enum Care: Sendable {
        /// A name, or an id: for whole secrets, not for their beginnings, which may be the beginning of a name too.
        case name
        /// A text that this program has put together: not for words, except within quotation marks.
        case familiar
        /// A text of others: for everything.
        case foreign
    }

    private let needles: [Needle]
    /// The needles by their first two bytes.
    private let candidates: [UInt16: [Int]]
    /// How needles, and what tokens stand behind, begin in an escaped line.
    private let beginnings: BytePatterns

    package init(_ secrets: [Secret] = []) {
        // A handful: they are compared one by one, which is quicker than a set of them is made.
        let secrets = secrets.map { Array($0.exposed.utf8) }.filter { $0.count >= Self.shortest }
        var needles: [Needle] = []
        for secret in secrets {
            let isComposite = secrets.contains { $0.count < secret.count && Self.holds(secret, $0) }
            for needle in Needle.forms(of: secret, isComposite: isComposite) where !needles.contains(needle) {
                needles.append(needle)
            }
        }
        self.needles = needles
        var candidates: [UInt16: [Int]] = [:]
        for (index, needle) in self.needles.enumerated() {
            candidates[Self.pair(needle.bytes, 0), default: []].append(index)
        }
        self.candidates = candidates
        let beginnings = self.needles.map { needle in
            var escaped: [UInt8] = []
            LogText.appendEscaped(String(decoding: needle.bytes, as: UTF8.self), to: &escaped)
            return Array(escaped.prefix(Needle.shortestPiece))
        }
        // With no secret there is nothing that could be escaped.
        let escapes: [UInt8] = needles.isEmpty ? [] : [UInt8(ascii: "%"), UInt8(ascii: "\\"), UInt8(ascii: "&")]
        self.beginnings = BytePatterns(beginnings + TokenShape.heads, marks: escapes)
    }

    private static func holds(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        (0...bytes.count - part.count).contains { bytes[$0...].starts(with: part) }
    }

    /// Whether an encoded line may hold a secret: quick, and never wrong when it says no.
    func mayBe(in line: [UInt8]) -> Bool {
        beginnings.areIn(line)
    }

    /// The text with `***` for each secret in it, and one for those that overlap.
    package func redact(_ text: String) -> String {
        redact(text, .foreign)
    }

    func redact(_ text: String, _ care: Care) -> String {
        guard care == .familiar, text.contains("\"") else { return replace(in: text, care) }
        // What stands in quotation marks is quoted from elsewhere.
        return text.split(separator: "\"", omittingEmptySubsequences: false).enumerated().map { index, part in
            replace(in: String(part), index.isMultiple(of: 2) ? .familiar : .foreign)
        }.joined(separator: "\"")
    }

    private func replace(in text: String, _ care: Care) -> String {
        var found: [Range<Int>] = []
        var view: TextView? = TextView(text)
        // A text that was escaped may have been escaped again.
        for _ in 0..<3 {
            guard let current = view else { break }
            found += secrets(in: current.bytes, care).map(current.origin)
            view = current.unescaped()
        }
        guard !found.isEmpty else { return text }
        found.sort { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
        let bytes = Array(text.utf8)
        var redacted: [UInt8] = []
        var covered = 0
        for range in found {
            if range.lowerBound >= covered {
                redacted += bytes[covered..<range.lowerBound]
                redacted += "***".utf8
            }
            covered = max(covered, range.upperBound)
        }
        return String(decoding: redacted + bytes[covered...], as: UTF8.self)
    }

    private func secrets(in text: [UInt8], _ care: Care) -> [Range<Int>] {
        var found: [Range<Int>] = []
        for start in text.indices.dropLast() {
            if care != .name, let token = TokenShape.secret(in: text, at: start) { found.append(token) }
            guard let candidates = candidates[Self.pair(text, start)] else { continue }
            let ends = candidates.compactMap { index -> Int? in
                let needle = needles[index]
                if care == .familiar && needle.isFamiliar { return nil }
                let (length, end) = needle.match(text, at: start)
                return needle.isTelling(length, allowingPieces: care != .name) ? end : nil
            }
            if let end = ends.max() { found.append(start..<end) }
        }
        return found
    }

    private static func pair(_ bytes: [UInt8], _ place: Int) -> UInt16 {
        UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1])
    }
}
