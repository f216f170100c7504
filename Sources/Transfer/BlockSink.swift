import Blocks

/// Takes the blocks of one message in order and stores them, several at a time.
///
/// Blocks beyond the first are taken from the pool only where that needs no waiting; else the message waits for one of its
/// own to come back. So no message ever waits for another one's blocks while it holds some.
struct BlockSink {
    /// `nil`: the content is only counted.
    let staged: (any StagedBlob)?
    let pool: BlockPool
    let retrier: Retrier
    let laterSize: Int
    let digest = RunningDigest()

    struct Length {
        var blocks = 0
        var bytes: UInt64 = 0
    }

    private struct Returned: Sendable {
        var block: Block
        var failure: Failure?
    }

    /// Fills and stores blocks until the message ends. All blocks are given back in the end.
    /// - Parameter fill: fills a block and says whether the message has ended.
    func takeAll(
        first: Block,
        fill: (Block) async throws(Failure) -> Bool
    ) async throws(Failure) -> Length {
        let result = await withTaskGroup(of: Returned.self) { group -> Result<Length, Failure> in
            var length = Length()
            var inFlight = 0
            var block = first
            while true {
                do throws(Failure) {
                    let isLast = try await fill(block)
                    if !(isLast && block.isEmpty) {
                        try submit(block, length, to: &group)
                        inFlight += 1
                        length.blocks += 1
                        length.bytes += UInt64(block.count)
                    } else {
                        pool.giveBack(block)
                    }
                    if isLast { break }
                } catch {
                    pool.giveBack(block)
                    await giveBackAll(&group)
                    return .failure(error)
                }
                if inFlight < MessageWriter.stagedAtOnce, let free = pool.takeIfFree(laterSize) {
                    block = free
                    continue
                }
                guard let returned = await group.next() else { preconditionFailure("a block is in flight") }
                inFlight -= 1
                block = returned.block
                block.clear()
                if let failure = returned.failure {
                    pool.giveBack(block)
                    await giveBackAll(&group)
                    return .failure(failure)
                }
            }
            var failure: Failure?
            for await returned in group {
                pool.giveBack(returned.block)
                failure = failure ?? returned.failure
            }
            return failure.map { .failure($0) } ?? .success(length)
        }
        switch result {
        case .success(let length): return length
        case .failure(let failure):
            await staged?.abandon()
            throw failure
        }
    }

    private func submit(_ block: Block, _ before: Length, to group: inout TaskGroup<Returned>) throws(Failure) {
        guard before.blocks < BlockSizing.maxBlocks else {
            throw Failure(
                service: .storage,
                kind: .permanent,
                type: "too_many_blocks",
                message:
                    "The message is larger than \(before.bytes) bytes, more than \(BlockSizing.maxBlocks) blocks hold.",
                advice: "Raise BUFFER_MEMORY, from which the size of a block follows."
            )
        }
        let (staged, retrier, hashing) = (staged, retrier, digest.add(block))
        group.addTask {
            var returned = Returned(block: block)
            if let staged {
                do throws(Failure) {
                    try await retrier.run { attempt async throws(Failure) in
                        try await staged.stage(block, index: before.blocks, offset: before.bytes, attempt)
                    }
                } catch {
                    returned.failure = error
                }
            }
            _ = await hashing.value
            return returned
        }
    }

    private func giveBackAll(_ group: inout TaskGroup<Returned>) async {
        group.cancelAll()
        for await returned in group { pool.giveBack(returned.block) }
    }
}
