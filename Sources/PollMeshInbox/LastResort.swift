import Glibc
import Synchronization

/// Ends the process when it must be over and is not, whatever it hangs in: a thread that waits for nothing else writes the
/// summary, as far as that is possible at once, and exits.
package final class LastResort: Sendable {
    /// How long after its limit a run may take by itself.
    static let patience = Duration.milliseconds(800)
    /// How long the summary may take then.
    private static let writing = Duration.milliseconds(150)

    private struct State {
        var outcome: @Sendable () -> RunOutcome = { RunOutcome(status: .terminated, outcome: "stopped") }
        /// What the process ends with, once somebody has begun to write the summary.
        var status: ExitStatus?
    }

    private let state = Mutex(State())
    private let write: @Sendable (RunOutcome, Duration) -> Void
    private let exit: @Sendable (ExitStatus) -> Void

    /// - Parameters:
    ///   - write: writes the summary, and takes no longer than the duration.
    ///   - exit: ends the process.
    package init(
        write: @escaping @Sendable (RunOutcome, Duration) -> Void = { _, _ in },
        exit: @escaping @Sendable (ExitStatus) -> Void = { _exit($0.rawValue) }
    ) {
        self.write = write
        self.exit = exit
    }

    /// Says how the job stands, when it is asked from another thread.
    func describe(_ outcome: @escaping @Sendable () -> RunOutcome) {
        state.withLock { $0.outcome = outcome }
    }

    /// Begins the end of the process with this status.
    /// - Returns: whether the caller is the one to write the summary.
    func claim(_ status: ExitStatus) -> Bool {
        state.withLock { state in
            guard state.status == nil else { return false }
            state.status = status
            return true
        }
    }

    /// Ends the process after a time, on the calling thread.
    package func end(after wait: Duration) {
        Self.sleep(wait)
        let outcome = state.withLock { $0.outcome }()
        if claim(outcome.status) {
            write(outcome, Self.writing)
        } else {
            Self.sleep(Self.writing)
        }
        exit(state.withLock { $0.status } ?? outcome.status)
    }

    /// The same on a thread of its own.
    func endElsewhere(after wait: Duration) {
        _ = DetachedThread.start { [self] in end(after: wait) }
    }

    private static func sleep(_ duration: Duration) {
        let (seconds, attoseconds) = max(.zero, duration).components
        let time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        withUnsafeTemporaryAllocation(of: timespec.self, capacity: 1) { rest in
            rest[0] = time
            while nanosleep(rest.baseAddress, rest.baseAddress) != 0 && errno == EINTR {}
        }
    }
}
