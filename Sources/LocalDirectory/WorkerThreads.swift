import Glibc
import Synchronization
import Transfer

/// Threads for system calls that block, of which there are never more than a limit.
///
/// A sync takes milliseconds to seconds. On Swift's cooperative pool, which has one thread for each core, sixteen of
/// them at once would stop the whole program, downloads included. A thread starts with the first work and ends when
/// there is none left: starting one takes some 20 µs, a small part of one sync, and idle threads then need neither
/// waking nor stopping.
///
/// A call may also block for ever, such as on a server that is away. A task that is cancelled therefore waits no longer: its
/// thread is left to itself, counts no more, and ends with its call or with the process.
final class WorkerThreads: Sendable {
    private struct State {
        var waiting: [any WorkerJob] = []
        /// The threads that count, and the jobs that they are at.
        var threads = 0
        var running: Set<ObjectIdentifier> = []
        /// Kept by each job from its beginning to its end.
        var locks: [WeakLock] = []
    }

    private struct WeakLock: Sendable {
        weak var lock: FileLock?
    }

    private let limit: Int
    private let start: @Sendable (WorkerThreads) -> Int32
    private let state = Mutex(State())

    /// - Parameter start: starts a thread that calls ``drain()``; answers an error code, or 0.
    init(limit: Int, start: @escaping @Sendable (WorkerThreads) -> Int32 = WorkerThreads.startThread) {
        precondition(limit > 0)
        self.limit = limit
        self.start = start
    }

    /// Does blocking work on one of the threads.
    /// - Parameter work: asks before each step that others can see whether anybody still waits.
    /// - Throws: ``Failure/Kind/cancelled`` as soon as the task is cancelled, whatever the work is at.
    func run<Value: Sendable>(
        _ work: @escaping @Sendable (Abandonment) throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let job = AwaitedJob(keeping: locks, work)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if job.deliver(to: continuation) { submit(job) }
            }
        } onCancel: {
            job.abandon()
            leave(job)
        }
        return try result.get()
    }

    /// Does blocking work that can't fail and has to be done: a cancelled task does not wait for it, and it is done all the
    /// same.
    func finish(_ work: @escaping @Sendable () -> Void) async {
        let job = AwaitedJob<Void>(keeping: locks) { _ in work() }
        _ = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                _ = job.deliver(to: continuation)
                submit(job)
            }
        } onCancel: {
            job.fail(.cancelled)
        }
    }

    /// Has every job that begins from here on keep a lock to its end, for as long as somebody else has it: what was
    /// abandoned may still come to a step that others see, as long as the process lives.
    func keep(_ lock: RunLock) {
        let others = state.withLock { state in
            let others = state.locks.compactMap(\.lock)
            state.locks = (others + [lock.lock]).map(WeakLock.init)
            return others
        }
        // The last reference to one of them must not end under the mutex, since unlocking may block.
        withExtendedLifetime(others) {}
    }

    private var locks: [RunLock] {
        state.withLock { $0.locks.compactMap(\.lock).map(RunLock.init) }
    }

    private func submit(_ job: any WorkerJob) {
        let needsThread = state.withLock { state in
            state.waiting.append(job)
            return addThread(&state)
        }
        if needsThread { startThread() }
    }

    /// Takes an abandoned job out of the queue, or its thread out of those that count.
    private func leave(_ job: any WorkerJob) {
        let needsThread = state.withLock { state in
            state.waiting.removeAll { $0 === job }
            guard state.running.remove(ObjectIdentifier(job)) != nil else { return false }
            state.threads -= 1
            return !state.waiting.isEmpty && addThread(&state)
        }
        if needsThread { startThread() }
    }

    private func addThread(_ state: inout State) -> Bool {
        guard state.threads < limit else { return false }
        state.threads += 1
        return true
    }

    private func startThread() {
        let code = start(self)
        if code == 0 { return }
        // The system gives no more threads. Those that run do the rest; without any, nobody would.
        let stranded = state.withLock { state in
            state.threads -= 1
            guard state.threads == 0 else { return [] as [any WorkerJob] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for job in stranded { job.fail(.noThread(code)) }
    }

    /// Does what waits, until nothing does.
    func drain() {
        while let job = next() {
            job.perform()
            let counts = state.withLock { $0.running.remove(ObjectIdentifier(job)) != nil }
            if !counts { return }
        }
    }

    private func next() -> (any WorkerJob)? {
        state.withLock { state in
            if state.waiting.isEmpty {
                state.threads -= 1
                return nil
            }
            let job = state.waiting.removeFirst()
            state.running.insert(ObjectIdentifier(job))
            return job
        }
    }

    private static let startThread: @Sendable (WorkerThreads) -> Int32 = { workers in
        var thread = pthread_t()
        let context = Unmanaged.passRetained(workers)
        let code = pthread_create(&thread, nil, workerThread, context.toOpaque())
        if code == 0 {
            // Nothing waits for its end, the end of the process neither.
            pthread_detach(thread)
        } else {
            context.release()
        }
        return code
    }
}

private func workerThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<WorkerThreads>.fromOpaque(context).takeRetainedValue().drain()
    return nil
}

extension Failure {
    fileprivate static func noThread(_ code: Int32) -> Failure {
        Failure(
            service: .storage,
            kind: .transient,
            type: "no_thread",
            message: "The system starts no thread for work on files: \(String(cString: strerror(code))).",
            advice: "Raise the limit on processes (ulimit -u), or that of the container (pids)."
        )
    }
}
