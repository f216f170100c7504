import Synchronization

/// The memory that all blocks of the process may take together, in bytes.
///
/// Who needs several blocks to make any progress takes them in one step, so that two holders can't wait for each other;
/// who can go on with fewer asks for more with ``takeIfFree(_:)``. Waiters are served in the order in which they came, and
/// nobody overtakes them.
package final class BlockPool: Sendable {
    private struct Waiter {
        let id: UInt64
        let bytes: Int
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var free: Int
        var nextID: UInt64 = 0
        /// Those who decided to wait and are not in the queue yet; who is cancelled in between is taken out.
        var arriving: Set<UInt64> = []
        var waiters: [Waiter] = []
        /// Blocks that came back, kept for the next user of that size; their bytes are still to be had.
        var spare: [Int: [Block]] = [:]
        var spareBytes = 0
    }

    /// The bytes that all blocks together may have.
    package let capacity: Int

    private let state: Mutex<State>

    package init(capacity: Int) {
        precondition(capacity > 0)
        self.capacity = capacity
        self.state = Mutex(State(free: capacity))
    }

    /// The bytes that nobody has taken.
    package var free: Int { state.withLock { $0.free } }

    /// Takes one block for each size, all at once, waiting until there is room.
    /// - Parameter sizes: bytes; their sum is at most ``capacity``.
    package func take(_ sizes: [Int]) async throws(CancellationError) -> [Block] {
        let bytes = sizes.reduce(0, +)
        precondition(bytes <= capacity, "more than the pool can ever have")
        let id = state.withLock { state -> UInt64? in
            if state.waiters.isEmpty && state.free >= bytes {
                state.free -= bytes
                return nil
            }
            state.nextID += 1
            state.arriving.insert(state.nextID)
            return state.nextID
        }
        if let id {
            let granted = await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    enqueue(Waiter(id: id, bytes: bytes, continuation: continuation))
                }
            } onCancel: {
                withdraw(id)
            }
            guard granted else { throw CancellationError() }
        }
        return sizes.map(block(capacity:))
    }

    /// Takes a block if that is possible without waiting and without overtaking anybody.
    package func takeIfFree(_ size: Int) -> Block? {
        let granted = state.withLock { state in
            guard state.waiters.isEmpty, state.free >= size else { return false }
            state.free -= size
            return true
        }
        return granted ? block(capacity: size) : nil
    }

    /// Gives a block back; its content is forgotten.
    package func giveBack(_ block: Block) {
        block.clear()
        let resumed = state.withLock { state in
            state.free += block.capacity
            state.spare[block.capacity, default: []].append(block)
            state.spareBytes += block.capacity
            return grant(&state)
        }
        for waiter in resumed {
            waiter.continuation.resume(returning: true)
        }
    }

    private func enqueue(_ waiter: Waiter) {
        // Room may have come free, or the task may have been cancelled, since the decision to wait.
        let (arrived, resumed) = state.withLock { state -> (Bool, [Waiter]) in
            guard state.arriving.remove(waiter.id) != nil else { return (false, []) }
            state.waiters.append(waiter)
            return (true, grant(&state))
        }
        if !arrived {
            waiter.continuation.resume(returning: false)
        }
        for waiter in resumed {
            waiter.continuation.resume(returning: true)
        }
    }

    private func withdraw(_ id: UInt64) {
        let (withdrawn, resumed) = state.withLock { state -> (Waiter?, [Waiter]) in
            if state.arriving.remove(id) != nil { return (nil, []) }
            guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return (nil, []) }
            let waiter = state.waiters.remove(at: index)
            return (waiter, grant(&state))
        }
        withdrawn?.continuation.resume(returning: false)
        for waiter in resumed {
            waiter.continuation.resume(returning: true)
        }
    }

    private func grant(_ state: inout State) -> [Waiter] {
        var granted: [Waiter] = []
        while let first = state.waiters.first, state.free >= first.bytes {
            state.free -= first.bytes
            granted.append(state.waiters.removeFirst())
        }
        return granted
    }

    private func block(capacity size: Int) -> Block {
        let reused = state.withLock { state -> Block? in
            if let block = state.spare[size]?.popLast() {
                state.spareBytes -= size
                return block
            }
            // Spares of other sizes must not add to what is in use.
            if state.spareBytes > state.free {
                state.spare.removeAll()
                state.spareBytes = 0
            }
            return nil
        }
        return reused ?? Block(capacity: size)
    }
}
