/// Computes something about that many bytes on another thread, if they are so many that the way there is worth it: the thread
/// that drives the transfers would stand still meanwhile.
package func aside<Result: Sendable>(bytes: Int, _ compute: @Sendable () -> Result) async -> Result {
    guard bytes >= 64 << 10 else { return compute() }
    return await withTaskExecutorPreference(globalConcurrentExecutor) {
        await elsewhere(compute)
    }
}

/// Has to be a function that is no actor's: those run on the executor that their task prefers.
private nonisolated func elsewhere<Result: Sendable>(_ compute: @Sendable () -> Result) async -> Result {
    compute()
}
