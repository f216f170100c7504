import Glibc

/// A system call that failed, or that could not be made.
struct SystemError: Error {
    /// What says more about the reason than `errno`.
    enum Obstacle: Sendable, Equatable {
        /// A file is needed there.
        case notAFile(FileKind)
        /// A folder is needed there.
        case notAFolder(FileKind)
        /// The operator's own folder is needed there.
        case notARoot(FileKind)
        /// The operator's own folder, or one above it, is missing and can't be created.
        case missingRoot
        /// So many bytes are the most that is read or written there.
        case tooLarge(limit: Int)
    }

    /// The value of `errno`.
    var code: Int32
    /// What was to be done, a verb that goes with the path: `write`, `create`.
    var action: String
    var path: String
    var obstacle: Obstacle?
    /// Whether what was to be done may be done all the same.
    var mayTakeEffect = false
}

/// Makes a system call that answers -1 for an error, again for as long as a signal interrupts it.
@discardableResult
func system(
    _ action: String,
    _ path: @autoclosure () -> String,
    _ call: () -> Int32
) throws(SystemError) -> Int32 {
    while true {
        let result = call()
        if result >= 0 { return result }
        let code = errno
        if code != EINTR { throw SystemError(code: code, action: action, path: path()) }
    }
}
