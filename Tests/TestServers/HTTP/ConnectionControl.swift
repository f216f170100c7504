import Dispatch
import Synchronization

/// What others may do to a connection while its thread works: wake it when the server stops.
final class ConnectionControl: Sendable {
    private struct State {
        var isInterrupted = false
        var onInterrupt: (@Sendable () -> Void)?
    }

    let number: Int
    let descriptor: Int32
    private let state = Mutex(State())

    init(number: Int, descriptor: Int32) {
        self.number = number
        self.descriptor = descriptor
    }

    /// Ends the wait that is going on, and each that would begin later.
    func interrupt() {
        let action = state.withLock { state in
            state.isInterrupted = true
            return state.onInterrupt
        }
        action?()
    }

    /// Waits on this thread, which belongs to no pool, for asynchronous work.
    /// - Returns: its result, nil when the server was stopped meanwhile.
    func wait<Value: Sendable>(for work: @escaping @Sendable () async -> Value) -> Value? {
        let result = Result<Value>()
        let task = Task.detached { result.finish(await work()) }
        let isInterrupted = state.withLock { state in
            state.onInterrupt = {
                task.cancel()
                result.finish(nil)
            }
            return state.isInterrupted
        }
        if isInterrupted {
            task.cancel()
            result.finish(nil)
        }
        result.isThere.wait()
        state.withLock { $0.onInterrupt = nil }
        return result.value.withLock { $0 }
    }

    private final class Result<Value: Sendable>: Sendable {
        let isThere = DispatchSemaphore(value: 0)
        let value = Mutex<Value?>(nil)

        func finish(_ value: Value?) {
            self.value.withLock { if $0 == nil { $0 = value } }
            isThere.signal()
        }
    }
}
