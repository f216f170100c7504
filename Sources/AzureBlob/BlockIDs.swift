internal import Digests

/// The ids of one upload's blocks: all of one length, and shared with no other upload of the same name.
struct BlockIDs: Sendable {
    /// The most blocks that a blob may have.
    static let limit = 50_000

    private let prefix: String

    /// - Parameter random: 8 bytes that no other upload has.
    init(random: [UInt8]) {
        prefix = Hex.encode(random)
    }

    /// The id of a block, in Base64: 24 characters before encoding, of the 64 that are allowed.
    subscript(index: Int) -> String {
        let digits = String(index)
        let zeros = String(repeating: "0", count: max(0, 7 - digits.utf8.count))
        return Base64.encode([UInt8]("\(prefix)-\(zeros)\(digits)".utf8))
    }

    /// The content of Put Block List for the first `count` blocks in order.
    func list(count: Int) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(96 + count * 49)
        text.append(contentsOf: #"<?xml version="1.0" encoding="utf-8"?><BlockList>"#.utf8)
        for index in 0..<count {
            text.append(contentsOf: "<Latest>".utf8)
            text.append(contentsOf: self[index].utf8)
            text.append(contentsOf: "</Latest>".utf8)
        }
        text.append(contentsOf: "</BlockList>".utf8)
        return text
    }
}
