import Glibc

/// What the process does about signals from its first moment on.
package enum Signals {
    /// Makes a closed pipe or connection an error of the write (`EPIPE`) instead of the end of the process.
    package static func ignorePipe() {
        signal(SIGPIPE, SIG_IGN)
    }
}
