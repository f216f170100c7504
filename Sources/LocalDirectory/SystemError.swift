import Glibc

/// A system call that failed.
struct SystemError: Error {
    /// The value of `errno`.
    var code: Int32
    /// What was to be done, a verb that goes with the path: `write`, `create`.
    var action: String
    var path: String
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
