import Transfer

/// What `Mex-Chunk-Range: i:n` says. A report has `1:0`.
package struct ChunkRange: Equatable, Sendable {
    package let number: Int
    package let total: Int

    /// Why a range can't be that of the chunk that was asked for.
    struct Flaw: Error {
        /// One sentence about "it", the message.
        let message: String
    }

    /// Chunks of the largest message there can be, with room to spare.
    private static let mostChunks = 50_000_000

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

    /// Reads the range of a chunk, which status and header have to agree on: 200 for the last one, 206 while more follow.
    /// - Parameters:
    ///   - status: 200 or 206.
    ///   - requested: the chunk that was asked for.
    init(_ attributes: MessageAttributes, status: Int, requested: Int) throws(Flaw) {
        let isPartial = status == 206
        guard let text = attributes["chunk-range"] else {
            guard !isPartial else {
                throw Flaw(message: "It has more than one chunk (206), and no Mex-Chunk-Range says how many.")
            }
            self.init(number: requested, total: requested)
            return
        }
        let shown = text.prefix(64).debugDescription
        guard let range = ChunkRange(text) else {
            throw Flaw(message: "Its Mex-Chunk-Range is \(shown), where i:n was expected.")
        }
        self = range
        if attributes.isReport && range == ChunkRange(number: 1, total: 0) { return }
        guard number == requested, number <= total, total <= Self.mostChunks else {
            throw Flaw(message: "Its Mex-Chunk-Range is \(shown), where \(requested):n was expected.")
        }
        guard isPartial == (number < total) else {
            throw Flaw(
                message: isPartial
                    ? "Its last chunk, \(shown), says that more follow (206)."
                    : "Its chunk \(shown) says that no more follow (200)."
            )
        }
    }

    private static func number(_ text: Substring) -> Int? {
        let text = text.drop { $0 == " " }
        guard !text.isEmpty, text.utf8.count <= 9, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }
}
