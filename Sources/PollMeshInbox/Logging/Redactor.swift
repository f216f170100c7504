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
            patterns.insert(PercentEncoding.encode(bytes, isUpperCase: true))
            patterns.insert(PercentEncoding.encode(bytes, isUpperCase: false))
            for lead in 0..<3 {
                patterns.insert(Base64.core(of: bytes, lead: lead))
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
}
