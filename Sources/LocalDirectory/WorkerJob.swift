import Synchronization
import Transfer

/// Work for one of the ``WorkerThreads``.
protocol WorkerJob: AnyObject, Sendable {
    /// Does the work, and hands its result to whoever waits for it.
    func perform()

    /// Ends it without the work.
    func fail(_ failure: Failure)
}

/// Work whose caller may stop waiting for it.
final class AwaitedJob<Value: Sendable>: WorkerJob {
    typealias Work = @Sendable (Abandonment) throws(Failure) -> Value

    private struct State {
        /// `nil` once it was begun.
        var work: Work?
        /// Kept until the work is done, or is known not to be done.
        var locks: [RunLock]
        var continuation: CheckedContinuation<Result<Value, Failure>, Never>?
        /// The first one counts.
        var result: Result<Value, Failure>?
        var isDelivered = false
    }

    private let abandonment = Abandonment()
    private let state: Mutex<State>

    init(keeping locks: [RunLock], _ work: @escaping Work) {
        state = Mutex(State(work: work, locks: locks))
    }

    /// Resumes the continuation with the result, when there is one.
    /// - Returns: whether that is to come.
    func deliver(to continuation: CheckedContinuation<Result<Value, Failure>, Never>) -> Bool {
        let isOpen = state.withLock { state in
            state.continuation = continuation
            return state.result == nil
        }
        deliver()
        return isOpen
    }

    /// Lets the caller go on without the result. The work stops before its next step that others can see.
    func abandon() {
        var failure = Failure.cancelled
        failure.mayTakeEffect = abandonment.declare()
        fail(failure)
    }

    func fail(_ failure: Failure) {
        settle(.failure(failure))
        deliver()
    }

    func perform() {
        work()
        // Here nothing of the work is alive any more, so that whoever waited finds the locks free that it had.
        deliver()
    }

    @inline(never)
    private func work() {
        let (work, locks) = state.withLock { state in
            defer { (state.work, state.locks) = (nil, []) }
            return (state.work, state.locks)
        }
        guard let work, !abandonment.isDeclared else { return }
        let result = Result { () throws(Failure) in try work(abandonment) }
        withExtendedLifetime(locks) { settle(result) }
    }

    private func settle(_ result: Result<Value, Failure>) {
        state.withLock { state in
            if state.result == nil && !state.isDelivered { state.result = result }
        }
    }

    private func deliver() {
        let continuation = state.withLock { state in
            defer { if state.result != nil { state.continuation = nil } }
            return state.result == nil ? nil : state.continuation
        }
        continuation?.resume(returning: takeResult())
    }

    private func takeResult() -> Result<Value, Failure> {
        state.withLock { state in
            defer { (state.result, state.isDelivered) = (nil, true) }
            return state.result ?? .failure(.cancelled)
        }
    }
}

extension Failure {
    /// What becomes of an operation whose task was cancelled.
    static let cancelled = Failure(
        service: .storage,
        kind: .cancelled,
        type: "cancelled",
        message: "The run was stopped before the file system had answered."
    )
}
