import Synchronization
package import Transfer

/// The run's access token: fetched when it is first needed, renewed before it ends, by one request at a time.
package final class TokenProvider: Sendable {
    private typealias Waiter = CheckedContinuation<Result<AccessToken, Failure>, Never>

    private struct State {
        var token: AccessToken?
        var isFetching = false
        /// Why the last fetch failed, and until when nobody asks again.
        var failure: (reason: Failure, until: Int64)?
        var waiters: [Int: Waiter] = [:]
        var nextWaiter = 0
    }

    /// How long after a failure nobody asks again: those who ask in that time fail for the same reason.
    private static let pause: Int64 = 30

    private let fetcher: TokenFetcher
    private let state = Mutex(State())

    private let executor: (any TaskExecutor)?

    /// - Parameter executor: where tokens are fetched; `nil` for the usual threads.
    package init(_ fetcher: TokenFetcher, executor: (any TaskExecutor)? = nil) {
        self.fetcher = fetcher
        self.executor = executor
    }

    package var source: TokenSource { fetcher.source }

    /// A token that holds.
    /// - Parameter rejected: one that the service did not accept; it is not given out again.
    package func token(insteadOf rejected: AccessToken? = nil) async throws(Failure) -> AccessToken {
        let now = fetcher.surroundings.now()
        let (result, mustFetch) = state.withLock { state -> (Result<AccessToken, Failure>?, Bool) in
            if let rejected, state.token?.text == rejected.text {
                state.token = nil
            }
            if let failure = state.failure, now >= failure.until {
                state.failure = nil
            }
            let mayFetch = !state.isFetching && state.failure == nil
            switch TokenDecision(state.token, now: now) {
            case .use:
                return (state.token.map { .success($0) }, false)
            case .useAndRefresh:
                state.isFetching = state.isFetching || mayFetch
                return (state.token.map { .success($0) }, mayFetch)
            case .wait:
                if let failure = state.failure, !state.isFetching {
                    return (.failure(failure.reason), false)
                }
                state.isFetching = true
                return (nil, mayFetch)
            }
        }
        if mustFetch {
            // On its own: who asked first may be cancelled, and others wait for the token, too.
            Task(executorPreference: executor) { await self.fetch() }
        }
        if let result { return try result.get() }
        return try await wait().get()
    }

    private func fetch() async {
        let result: Result<AccessToken, Failure>
        do throws(Failure) {
            result = .success(try await fetcher.fetch())
        } catch {
            result = .failure(error)
        }
        let until = fetcher.surroundings.now() + Self.pause
        let waiters = state.withLock { state in
            state.isFetching = false
            switch result {
            case .success(let token): state.token = token
            case .failure(let failure): state.failure = (failure, until)
            }
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters {
            waiter.resume(returning: result)
        }
    }

    /// Waits for the fetch that is under way, or until the task is cancelled.
    private func wait() async -> Result<AccessToken, Failure> {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let result = state.withLock { state -> Result<AccessToken, Failure>? in
                    if Task.isCancelled { return .failure(cancelled) }
                    // The fetch may be over by now.
                    if !state.isFetching {
                        return state.token.map { .success($0) } ?? .failure(state.failure?.reason ?? cancelled)
                    }
                    state.waiters[number] = waiter
                    return nil
                }
                if let result {
                    waiter.resume(returning: result)
                }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: number) }
            waiter?.resume(returning: .failure(cancelled))
        }
    }

    private var cancelled: Failure {
        Failure(
            service: .storage,
            kind: .cancelled,
            type: "cancelled",
            message: "The request for an access token was cancelled.",
            server: source.endpoint.authority
        )
    }
}
