/// Looks for many short byte sequences at once, in one pass: each pair of bytes is looked up in a table of those that
/// some sequence starts with.
struct BytePatterns: Sendable {
    /// The sequences by their first two bytes.
    private var patterns: [Int: [[UInt8]]] = [:]
    /// Bytes that count as found wherever they are but at the very end.
    private let marks: [UInt8]
    /// One bit for each pair of bytes.
    private var pairs = [UInt64](repeating: 0, count: 1_024)

    /// - Parameter patterns: of two bytes or more each.
    init(_ patterns: some Collection<[UInt8]>, marks: [UInt8] = []) {
        self.marks = marks
        for pattern in patterns {
            precondition(pattern.count >= 2)
            let pair = Int(pattern[0]) << 8 | Int(pattern[1])
            self.patterns[pair, default: []].append(pattern)
            pairs[pair >> 6] |= 1 << (pair & 63)
        }
        for mark in marks {
            for word in Int(mark) << 2...Int(mark) << 2 | 3 { pairs[word] = .max }
        }
    }

    /// Whether one of them is anywhere in the bytes.
    func areIn(_ bytes: [UInt8]) -> Bool {
        guard !bytes.isEmpty else { return false }
        return bytes.withUnsafeBufferPointer { bytes in
            pairs.withUnsafeBufferPointer { pairs in
                var pair = Int(bytes[0])
                for index in 1..<bytes.count {
                    pair = (pair & 0xff) << 8 | Int(bytes[index])
                    if pairs[pair >> 6] >> (pair & 63) & 1 != 0, isOne(bytes[(index - 1)...], pair) { return true }
                }
                return false
            }
        }
    }

    private func isOne(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, _ pair: Int) -> Bool {
        marks.contains(UInt8(pair >> 8)) || patterns[pair]?.contains { bytes.starts(with: $0) } == true
    }
}
