import Glibc
import Synchronization

/// Whether the caller of a job has stopped waiting for it, which the job asks before each step that others can see.
///
/// The memory that the caller lent is somebody else's from then on. A check that passes proves that all that was read of it
/// before is the caller's own: it and the declaration take the same lock, and the memory changes hands after the declaration.
final class Abandonment: Sendable {
    private struct State {
        var isDeclared = false
        var placingBegan = false
    }

    private let state = Mutex(State())

    var isDeclared: Bool { state.withLock { $0.isDeclared } }

    /// Says that nobody waits any more.
    /// - Returns: whether the job's blob may appear all the same, because its placing had begun.
    func declare() -> Bool {
        state.withLock { state in
            state.isDeclared = true
            return state.placingBegan
        }
    }

    /// To be called between the reading of lent memory and the next step that others can see, and before each such step.
    /// - Throws: `ECANCELED` once it is declared.
    func check(_ action: String, _ path: @autoclosure () -> String) throws(SystemError) {
        if isDeclared { throw SystemError(code: ECANCELED, action: action, path: path()) }
    }

    /// ``check(_:_:)`` for the step that gives a blob its name.
    func beginPlacing(_ path: @autoclosure () -> String) throws(SystemError) {
        let isDeclared = state.withLock { state in
            if !state.isDeclared { state.placingBegan = true }
            return state.isDeclared
        }
        if isDeclared { throw SystemError(code: ECANCELED, action: "create", path: path()) }
    }
}
