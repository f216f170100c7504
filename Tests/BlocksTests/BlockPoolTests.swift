import Blocks
import Testing

@Suite struct BlockPoolTests {
    @Test func handsOutUpToItsCapacity() async throws {
        let pool = BlockPool(capacity: 100)
        let blocks = try await pool.take([60, 40])
        #expect(blocks.map(\.capacity) == [60, 40])
        #expect(pool.free == 0)
        #expect(pool.takeIfFree(1) == nil)
        blocks.forEach(pool.giveBack)
        #expect(pool.free == 100)
    }

    @Test func blocksComeBackEmpty() async throws {
        let pool = BlockPool(capacity: 16)
        let block = try await pool.take([16])[0]
        [UInt8](1...3).withUnsafeBytes { _ = block.append($0) }
        pool.giveBack(block)
        #expect(try await pool.take([16])[0].isEmpty)
    }

    @Test func waitersAreServedInOrderAndAllAtOnce() async throws {
        let pool = BlockPool(capacity: 10)
        let held = try await pool.take([10])[0]
        let (order, report) = AsyncStream.makeStream(of: String.self)
        async let large: Void = {
            let blocks = try await pool.take([5, 4])
            report.yield("large")
            blocks.forEach(pool.giveBack)
        }()
        await untilWaiting(pool)
        // One byte would be free as soon as the large one is served, and must not overtake it.
        #expect(pool.takeIfFree(1) == nil)
        pool.giveBack(held)
        try await large
        report.finish()
        #expect(await order.reduce(into: []) { $0.append($1) } == ["large"])
        #expect(pool.free == 10)
    }

    @Test func aCancelledWaiterLeavesTheQueue() async throws {
        let pool = BlockPool(capacity: 10)
        let held = try await pool.take([10])[0]
        let waiter = Task { try await pool.take([10]) }
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        pool.giveBack(held)
        #expect(try await pool.take([10]).count == 1)
    }

    @Test func manyTasksNeverExceedTheCapacity() async throws {
        let pool = BlockPool(capacity: 64)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<200 {
                group.addTask {
                    let blocks = try await pool.take([1 + task % 32, 1 + task % 7])
                    #expect(pool.free >= 0)
                    await Task.yield()
                    blocks.forEach(pool.giveBack)
                }
            }
            try await group.waitForAll()
        }
        #expect(pool.free == 64)
    }

    /// Yields until somebody waits: then nothing can be taken although nothing else changed.
    private func untilWaiting(_ pool: BlockPool) async {
        for _ in 0..<1000 { await Task.yield() }
    }
}

@Suite struct BlockTests {
    @Test func takesWhatFits() {
        let block = Block(capacity: 4)
        let copied = [UInt8](1...5).withUnsafeBytes { block.append($0) }
        #expect(copied == 4)
        #expect(block.isFull)
        #expect(Array(block.bytes) == [1, 2, 3, 4])
        block.truncate(to: 1)
        #expect(Array(block.bytes) == [1])
        block.clear()
        #expect(block.isEmpty)
    }
}
