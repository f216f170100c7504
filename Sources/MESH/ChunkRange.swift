/// What `Mex-Chunk-Range: i:n` says. A report has `1:0`.
package struct ChunkRange: Equatable, Sendable {
    package let number: Int
    package let total: Int

    /// Reads `i:n`, both of ASCII digits.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        guard let number = Self.number(parts[0]), let total = Self.number(parts[1]) else { return nil }
        self.init(number: number, total: total)
    }

    init(number: Int, total: Int) {
        self.number = number
        self.total = total
    }

    private static func number(_ text: Substring) -> Int? {
        let text = text.drop { $0 == " " }
        guard !text.isEmpty, text.utf8.count <= 9, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }
}
