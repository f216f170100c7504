import Synchronization

/// Somebody asks the run to end: it starts nothing more, and what is in flight may finish within the grace period.
package final class StopRequest: Sendable {
    private struct State {
        var isMade = false
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter: UInt64 = 0
    }

    private let state = Mutex(State())
    private let isAskedElsewhere: @Sendable () -> Bool

    /// - Parameter isAskedElsewhere: whether the request was made in a place that can't call ``make()``, such as the handler of
    ///   a signal; somebody calls it soon after.
    package init(isAskedElsewhere: @escaping @Sendable () -> Bool = { false }) {
        self.isAskedElsewhere = isAskedElsewhere
    }

    package var isMade: Bool { isAskedElsewhere() || state.withLock { $0.isMade } }

    /// Makes the request; a second time changes nothing.
    package func make() {
        let waiters = state.withLock { state in
            state.isMade = true
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns when the request is made or the task is cancelled.
    package func wait() async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    // A cancelled task may have been told before it began to wait.
                    if state.isMade || Task.isCancelled { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
    }
}
