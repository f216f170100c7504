import Synchronization

/// The memory that all blocks of the process may take together, in bytes.
///
/// Who needs several blocks to make progress takes them in one step, so that two holders can't wait for each other;
/// who can also go on with fewer asks with ``tryTake(_:)``. Waiters are served in the order in which they came.
package final class BlockPool: Sendable {
    private struct Waiter {
        let id: UInt64
        let bytes: Int
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var available: Int
        var nextID: UInt64 = 0
        var waiters: [Waiter] = []
        var cancelledBeforeWaiting: Set<UInt64> = []
        var spare: [Int: [Block]] = [:]
    }

    /// The bytes that all blocks together may have.
    package let capacity: Int

    private let state: Mutex<State>

    package init(capacity: Int) {
        precondition(capacity > 0)
        self.capacity = capacity
        self.state = Mutex(State(available: capacity))
    }
}
