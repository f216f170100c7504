import Synchronization

/// A place where something waits until a test lets it go on.
package final class Gate: Sendable {
    private enum State {
        case closed([Int: CheckedContinuation<Void, Never>], next: Int)
        case open
    }

    private let state = Mutex(State.closed([:], next: 0))

    package init() {}

    /// Lets everybody go on who waits now or comes later.
    package func open() {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard case .closed(let waiting, _) = state else { return [] }
            state = .open
            return Array(waiting.values)
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Waits until the gate is open or the task is cancelled.
    package func wait() async {
        let number = state.withLock { state -> Int? in
            guard case .closed(let waiting, let next) = state else { return nil }
            state = .closed(waiting, next: next + 1)
            return next
        }
        guard let number else { return }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state -> Bool in
                    guard case .closed(var waiting, let next) = state, !Task.isCancelled else { return true }
                    waiting[number] = continuation
                    state = .closed(waiting, next: next)
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            let continuation = state.withLock { state -> CheckedContinuation<Void, Never>? in
                guard case .closed(var waiting, let next) = state else { return nil }
                let continuation = waiting.removeValue(forKey: number)
                state = .closed(waiting, next: next)
                return continuation
            }
            continuation?.resume()
        }
    }
}
