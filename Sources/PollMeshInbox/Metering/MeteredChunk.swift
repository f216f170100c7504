import Blocks
import Synchronization
import Transfer

/// A chunk whose download is measured, from its request to its end.
final class MeteredChunk: MessageChunk {
    private let chunk: any MessageChunk
    private let meter: RunMeter
    /// What its head and the reads so far took.
    private let spent: Mutex<Duration>

    /// - Parameter spent: what its head took.
    init(_ chunk: any MessageChunk, _ meter: RunMeter, spent: Duration) {
        self.chunk = chunk
        self.meter = meter
        self.spent = Mutex(spent)
    }

    deinit {
        meter.add(spent.withLock { $0 }, to: .download)
    }

    var head: ChunkHead { chunk.head }

    func read(into block: Block, scratch: Block?) async throws(Failure) -> Bool {
        let (start, before) = (meter.now, block.count)
        defer {
            let time = meter.now - start
            spent.withLock { $0 += time }
            meter.count(bytes: block.count - before)
        }
        return try await chunk.read(into: block, scratch: scratch)
    }

    func cancel() {
        chunk.cancel()
    }
}
