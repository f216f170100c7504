import Glibc

/// A thread that signals leave alone: they are for others, and a connection that broke under TLS raises SIGPIPE on its own
/// thread.
enum QuietThread {
    /// Does the work on a new thread, which ends with it.
    static func start(_ work: @escaping @Sendable () -> Void) {
        final class Box {
            let work: @Sendable () -> Void
            init(_ work: @escaping @Sendable () -> Void) { self.work = work }
        }
        var thread = pthread_t()
        let status = pthread_create(
            &thread,
            nil,
            { context in
                var all = sigset_t()
                sigfillset(&all)
                pthread_sigmask(SIG_BLOCK, &all, nil)
                Unmanaged<Box>.fromOpaque(context!).takeRetainedValue().work()
                return nil
            },
            Unmanaged.passRetained(Box(work)).toOpaque()
        )
        precondition(status == 0, "no thread for HTTP: \(status)")
        pthread_detach(thread)
    }
}
