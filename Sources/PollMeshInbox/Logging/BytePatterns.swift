/// Looks for many short byte sequences at once, in one pass: each pair of bytes is looked up in a table of those that
/// some sequence starts with.
struct BytePatterns: Sendable {
    private let patterns: [[UInt8]]
    /// One bit for each pair of bytes.
    private var pairs: [UInt64]

    /// - Parameter patterns: of two bytes or more each.
    init(_ patterns: some Collection<[UInt8]>) {
        // Longest first, so that a sequence that another starts with does not hide it.
        self.patterns = patterns.sorted { $0.count > $1.count }
        self.pairs = [UInt64](repeating: 0, count: 1_024)
        for pattern in patterns {
            precondition(pattern.count >= 2)
            let pair = Int(pattern[0]) << 8 | Int(pattern[1])
            pairs[pair >> 6] |= 1 << (pair & 63)
        }
    }

    /// The first place from `start` on where a sequence is, and the end of the longest one there.
    func firstRange(in bytes: [UInt8], from start: Int = 0) -> Range<Int>? {
        guard !patterns.isEmpty, bytes.count >= 2 else { return nil }
        return bytes.withUnsafeBufferPointer { bytes in
            pairs.withUnsafeBufferPointer { pairs in
                var index = start
                while index + 1 < bytes.count {
                    let pair = Int(bytes[index]) << 8 | Int(bytes[index + 1])
                    if pairs[pair >> 6] >> (pair & 63) & 1 != 0, let count = count(at: index, of: bytes) {
                        return index..<(index + count)
                    }
                    index += 1
                }
                return nil
            }
        }
    }

    private func count(at index: Int, of bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        patterns.first { bytes[index...].starts(with: $0) }?.count
    }
}
