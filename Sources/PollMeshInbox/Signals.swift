import Glibc
import Synchronization

/// What the process does about signals.
package enum Signals {
    /// Where the handler writes, for the thread that waits. Read in a signal handler, hence a plain number.
    nonisolated(unsafe) private static var pipeEnd: Int32 = -1
    private static let termination = Atomic<Bool>(false)

    /// Whether SIGTERM or SIGINT has come: true from the signal on, before the callback of ``onTermination(_:)`` runs.
    package static var isTerminationAsked: Bool { termination.load(ordering: .acquiring) }

    /// Makes a closed pipe or connection an error of the write (`EPIPE`) instead of the end of the process.
    package static func ignorePipe() {
        signal(SIGPIPE, SIG_IGN)
    }

    /// Makes a limit on the size of files an error of the write (`EFBIG`) instead of the end of the process.
    package static func ignoreFileSizeLimit() {
        signal(SIGXFSZ, SIG_IGN)
    }

    /// Calls back, once, on the first SIGTERM or SIGINT. A second SIGINT ends the process, for whoever sits at a terminal.
    ///
    /// There is a handler rather than a thread in `sigwait`: the kernel hands a process with number 1 no signal that it has no
    /// handler for. Called on the main thread, where the signals are unblocked: whoever starts the process may block them.
    package static func onTermination(_ action: @escaping @Sendable () -> Void) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        pipeEnd = ends[1]
        // Also makes sure that the flag exists before the handler sets it.
        termination.store(false, ordering: .releasing)
        wait(on: ends[0], then: action)
        install(SIGTERM, flags: 0)
        install(SIGINT, flags: SA_RESETHAND)
        var both = sigset_t()
        sigemptyset(&both)
        sigaddset(&both, SIGTERM)
        sigaddset(&both, SIGINT)
        pthread_sigmask(SIG_UNBLOCK, &both, nil)
    }

    private static func install(_ number: Int32, flags: UInt32) {
        var handling = sigaction()
        handling.__sigaction_handler.sa_handler = { _ in
            let saved = errno
            Signals.termination.store(true, ordering: .releasing)
            var byte: UInt8 = 1
            _ = write(Signals.pipeEnd, &byte, 1)
            errno = saved
        }
        handling.sa_flags = Int32(bitPattern: flags) | SA_RESTART
        sigaction(number, &handling, nil)
    }

    private static func wait(on end: Int32, then action: @escaping @Sendable () -> Void) {
        final class Waiter {
            let end: Int32
            let action: @Sendable () -> Void
            init(_ end: Int32, _ action: @escaping @Sendable () -> Void) {
                self.end = end
                self.action = action
            }
        }
        var thread = pthread_t()
        let context = Unmanaged.passRetained(Waiter(end, action)).toOpaque()
        pthread_create(
            &thread,
            nil,
            { context in
                let waiter = Unmanaged<Waiter>.fromOpaque(context!).takeRetainedValue()
                var byte: UInt8 = 0
                while read(waiter.end, &byte, 1) < 0 && errno == EINTR {}
                waiter.action()
                return nil
            },
            context
        )
        pthread_detach(thread)
    }
}
