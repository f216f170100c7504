import Digests
import Transfer

/// The last line of defence: replaces every known secret in a text by `***`.
///
/// Nothing is meant to bring a secret as far as this. It finds secrets as they are, percent-encoded (in either case of
/// the digits), and in base64 wherever they start in the encoded text. Secrets of fewer than ``shortest`` bytes are not
/// looked for, since they would be found everywhere.
package struct Redactor: Sendable {
    /// The length from which a secret is looked for, in bytes.
    package static let shortest = 4

    private let patterns: BytePatterns
    /// The same as they stand in an escaped line.
    private let escapedPatterns: BytePatterns

    package init(_ secrets: [Secret] = []) {
        var patterns: Set<[UInt8]> = []
        for secret in secrets {
            let bytes = Array(secret.exposed.utf8)
            guard bytes.count >= Self.shortest else { continue }
            patterns.insert(bytes)
            patterns.insert(Array(PercentEncoding.encode(secret.exposed).utf8))
            patterns.insert(Array(PercentEncoding.encode(secret.exposed, isUpperCase: false).utf8))
            for lead in 0..<3 {
                patterns.insert(Self.base64Core(of: bytes, lead: lead))
            }
        }
        patterns = patterns.filter { $0.count >= Self.shortest }
        self.patterns = BytePatterns(patterns)
        self.escapedPatterns = BytePatterns(
            patterns.map { pattern in
                var escaped: [UInt8] = []
                JSONText.appendEscaped(pattern, to: &escaped)
                return escaped
            }
        )
    }

    /// Whether an encoded line may hold a secret: quick, and never wrong when it says no.
    func mayBe(in line: [UInt8]) -> Bool {
        escapedPatterns.firstRange(in: line) != nil
    }

    /// The text with `***` for each secret in it, and one for those that overlap.
    package func redact(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var redacted: [UInt8] = []
        var covered = 0
        var start = 0
        while let range = patterns.firstRange(in: bytes, from: start) {
            if range.lowerBound >= covered {
                redacted += bytes[covered..<range.lowerBound]
                redacted += "***".utf8
            }
            covered = max(covered, range.upperBound)
            start = range.lowerBound + 1
        }
        return covered == 0 ? text : String(decoding: redacted + bytes[covered...], as: UTF8.self)
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
}
