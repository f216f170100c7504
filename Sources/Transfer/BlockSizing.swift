import Blocks

/// How large the blocks of a message are, so that small ones take little and large ones need few requests.
package struct BlockSizing: Sendable {
    /// Azure takes 50,000 blocks a blob.
    package static let maxBlocks = 50_000
    private static let smallest = 4 << 10
    private static let largestScratch = 256 << 10

    /// All blocks together may have this many bytes.
    let capacity: Int

    package init(capacity: Int) {
        self.capacity = capacity
    }

    /// The size of a block in the middle of a large message: an eighth of the pool, at most 4 MiB.
    package var standard: Int { min(4 << 20, Self.powerOfTwo(notAbove: max(capacity / 8, Self.smallest))) }

    /// What a message needs before its content is read.
    package struct Need: Equatable {
        /// The first block; the whole message, if it fits.
        package var first: Int
        /// The block for encoded bytes.
        package var scratch: Int?
        /// Every block after the first.
        package var later: Int

        /// The sizes to take in one step.
        package var sizes: [Int] { scratch.map { [first, $0] } ?? [first] }
    }

    /// - Parameter head: of the first chunk.
    package func need(for head: ChunkHead) -> Need {
        let isChunked = head.total > 1
        let scratchSize = min(capacity / 4, Self.largestScratch)
        let later = laterSize(head)
        guard let length = head.contentLength, length >= 0, !isChunked else {
            return Need(first: later, scratch: isChunked || head.isCompressed ? scratchSize : nil, later: later)
        }
        if head.isCompressed {
            let guess = min(length, later / 8) * 8
            return Need(
                first: size(holding: max(guess, 64 << 10), atMost: later),
                scratch: min(scratchSize, size(holding: length, atMost: Self.largestScratch)),
                later: later
            )
        }
        // One byte of room is left, so that the end is seen without another block.
        return Need(
            first: length < later ? size(holding: length + 1, atMost: later) : later,
            scratch: nil,
            later: later
        )
    }

    /// Large enough for the whole message in the number of blocks that a blob can have, as far as that can be told.
    private func laterSize(_ head: ChunkHead) -> Int {
        guard let length = head.contentLength else { return standard }
        let (whole, overflow) = length.multipliedReportingOverflow(by: max(1, head.total))
        let needed = overflow ? Int.max : whole / Self.maxBlocks * 2
        return min(max(standard, size(holding: needed, atMost: capacity / 4)), capacity / 4)
    }

    private func size(holding bytes: Int, atMost limit: Int) -> Int {
        var size = Self.smallest
        while size < bytes && size < limit { size *= 2 }
        return min(size, limit)
    }

    private static func powerOfTwo(notAbove limit: Int) -> Int {
        1 << (Int.bitWidth - 1 - limit.leadingZeroBitCount)
    }
}
