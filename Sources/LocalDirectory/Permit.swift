import Glibc
import Synchronization

/// What a job needs for each step that others can see. It is withdrawn when the job's caller stops waiting.
///
/// The memory that the caller lent is somebody else's from then on. A check that passes proves that all that was read of it
/// before is the caller's own: it and the withdrawal take the same lock, and the memory changes hands after the withdrawal.
final class Permit: Sendable {
    private let withdrawn = Mutex(false)

    var isWithdrawn: Bool { withdrawn.withLock { $0 } }

    func withdraw() {
        withdrawn.withLock { $0 = true }
    }

    /// To be called between the reading of lent memory and the next step that others can see, and before each such step.
    /// - Throws: `ECANCELED` once it is withdrawn.
    func check(_ action: String, _ path: @autoclosure () -> String) throws(SystemError) {
        if isWithdrawn { throw SystemError(code: ECANCELED, action: action, path: path()) }
    }
}
