import Glibc

/// A thread for work that may never come back: nobody waits for it but for a limited time, and the process ends without it.
enum DetachedThread {
    /// Does the work on a new thread, which signals leave alone: they are for others.
    /// - Returns: false where there is no thread to be had.
    static func start(_ work: @escaping @Sendable () -> Void) -> Bool {
        final class Box {
            let work: @Sendable () -> Void
            init(_ work: @escaping @Sendable () -> Void) { self.work = work }
        }
        let box = Unmanaged.passRetained(Box(work))
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        // A new thread begins with the mask of the one that makes it.
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        var thread = pthread_t()
        let status = pthread_create(
            &thread,
            nil,
            { context in
                Unmanaged<Box>.fromOpaque(context!).takeRetainedValue().work()
                return nil
            },
            box.toOpaque()
        )
        guard status == 0 else {
            box.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    /// Does the work on a thread of its own, and waits for it for a limited time; without threads, on this one.
    /// - Returns: whether it was done in that time.
    static func `do`(within limit: Duration, _ work: @escaping @Sendable () -> Void) -> Bool {
        let done = Latch()
        let isStarted = start {
            work()
            done.open()
        }
        guard isStarted else {
            work()
            return true
        }
        return done.wait(within: limit)
    }
}
