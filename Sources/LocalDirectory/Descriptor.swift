import Glibc

/// An open file or folder, closed with its last reference.
final class Descriptor: Sendable {
    let number: Int32

    init(owning number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// - Parameter path: for messages to people.
    func status(of path: @autoclosure () -> String) throws(SystemError) -> stat {
        var status = stat()
        try system("look at", path()) { fstat(number, &status) }
        return status
    }
}

extension stat {
    var kind: FileKind { FileKind(mode: st_mode) }

    /// The number of bytes; no file system has any business with a negative one.
    func length(of path: @autoclosure () -> String) throws(SystemError) -> UInt64 {
        guard let length = UInt64(exactly: st_size) else {
            throw SystemError(code: EOVERFLOW, action: "look at", path: path())
        }
        return length
    }
}
