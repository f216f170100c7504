import Glibc

/// The last line of defence: replaces every known secret in a text by `***`.
///
/// Nothing is meant to bring a secret as far as this. It finds secrets as they are, percent-encoded (in either case of
/// the digits), and in base64 wherever they start in the encoded text. Secrets of fewer than ``shortest`` bytes are not
/// looked for, since they would be found everywhere.
package struct Redactor: Sendable {
    /// The length from which a secret is looked for, in bytes.
    package static let shortest = 4

    /// Longest first, so that a secret that holds another is replaced as a whole.
    private let patterns: [[UInt8]]
    /// The same as they stand in an escaped line.
    private let escapedPatterns: [[UInt8]]

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
        self.patterns = patterns.filter { $0.count >= Self.shortest }.sorted { $0.count > $1.count }
        self.escapedPatterns = self.patterns.map { pattern in
            var escaped: [UInt8] = []
            JSONText.appendEscaped(pattern, to: &escaped)
            return escaped
        }
    }

    /// Whether an encoded line may hold a secret: quick, and never wrong when it says no.
    func mayBe(in line: [UInt8]) -> Bool {
        escapedPatterns.contains { Self.firstIndex(of: $0, in: line, from: 0) != nil }
    }

    /// The text with `***` for each secret in it.
    package func redact(_ text: String) -> String {
        var bytes = Array(text.utf8)
        var isChanged = false
        for pattern in patterns {
            var start = 0
            while let index = Self.firstIndex(of: pattern, in: bytes, from: start) {
                bytes.replaceSubrange(index..<(index + pattern.count), with: Array("***".utf8))
                start = index + 3
                isChanged = true
            }
        }
        return isChanged ? String(decoding: bytes, as: UTF8.self) : text
    }

    private static func firstIndex(of pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        bytes.withUnsafeBytes { bytes in
            pattern.withUnsafeBytes { pattern in
                var index = start
                while index + pattern.count <= bytes.count {
                    let rest = bytes.count - pattern.count - index + 1
                    guard let found = memchr(bytes.baseAddress! + index, CInt(pattern[0]), rest) else { return nil }
                    index = UnsafeRawPointer(found) - bytes.baseAddress!
                    if memcmp(found, pattern.baseAddress!, pattern.count) == 0 {
                        return index
                    }
                    index += 1
                }
                return nil
            }
        }
    }
}
