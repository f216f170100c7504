import Glibc
import Synchronization
import Transfer

/// Threads for system calls that block, of which there are never more than a limit.
///
/// A sync takes milliseconds to seconds. On Swift's cooperative pool, which has one thread for each core, sixteen of
/// them at once would stop the whole program, downloads included. A thread starts with the first work and ends when
/// there is none left: starting one takes some 20 µs, a small part of one sync, and idle threads then need neither
/// waking nor stopping.
final class WorkerThreads: Sendable {
    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var running = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        precondition(limit > 0)
        self.limit = limit
    }

    /// Does blocking work on one of the threads.
    func run<Value: Sendable>(
        _ work: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Value, Failure>, Never>) in
            submit { continuation.resume(returning: Result(catching: work)) }
        }
        return try result.get()
    }

    /// Does blocking work that can't fail on one of the threads.
    func run(_ work: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            submit {
                work()
                continuation.resume()
            }
        }
    }

    private func submit(_ job: @escaping @Sendable () -> Void) {
        let needsThread = state.withLock { state in
            state.waiting.append(job)
            guard state.running < limit else { return false }
            state.running += 1
            return true
        }
        if needsThread { startThread() }
    }

    private func startThread() {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self)
        let code = pthread_create(&thread, nil, workerThread, context.toOpaque())
        if code == 0 {
            pthread_detach(thread)
        } else {
            // The system gives no more threads (a limit on processes): slow is better than not at all.
            context.release()
            drain()
        }
    }

    fileprivate func drain() {
        while let job = next() { job() }
    }

    private func next() -> (@Sendable () -> Void)? {
        state.withLock { state in
            if state.waiting.isEmpty {
                state.running -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
    }
}

private func workerThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<WorkerThreads>.fromOpaque(context).takeRetainedValue().drain()
    return nil
}
