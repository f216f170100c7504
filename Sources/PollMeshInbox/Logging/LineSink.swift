import Glibc

/// Where bytes of lines go.
struct LineSink: Sendable {
    /// Writes some of the bytes without waiting for a reader.
    ///
    /// Gives how many were written, or `-errno`: `-EAGAIN` where nothing can be written now.
    let send: @Sendable (UnsafeRawBufferPointer) -> Int
    /// Writes some of the bytes, however long that takes, and gives the same.
    let sendWaiting: @Sendable (UnsafeRawBufferPointer) -> Int
}

extension LineSink {
    /// What a pipe that has any room takes at once: POSIX's `PIPE_BUF`, which is no more than a page.
    private static let pieceOfPipe = 4_096

    /// - Parameter descriptor: stays the caller's, and open. Its flags are not touched, since other processes may share them.
    init(descriptor: CInt) {
        sendWaiting = { bytes in
            while true {
                let written = Self.write(bytes, to: descriptor)
                guard written == -Int(EAGAIN) else { return written }
                _ = Self.takesSome(descriptor, limit: -1)
            }
        }
        switch Self.kind(of: descriptor) {
        case .file:
            send = { Self.write($0, to: descriptor) }
        case .terminal(let terminal):
            send = { Self.write($0, to: terminal.descriptor) }
        case .pipe:
            send = { bytes in
                guard Self.takesSome(descriptor, limit: 0) else { return -Int(EAGAIN) }
                return Self.write(UnsafeRawBufferPointer(rebasing: bytes.prefix(Self.pieceOfPipe)), to: descriptor)
            }
        case .socket:
            send = { bytes in
                let flags = CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL)
                let written = Glibc.send(descriptor, bytes.baseAddress, bytes.count, flags)
                return written < 0 ? -Int(errno) : written
            }
        }
    }

    private enum Kind {
        /// Never waits for a reader.
        case file
        /// Opened anew, so that it can be written to without waiting.
        case terminal(OwnDescriptor)
        case pipe
        case socket
    }

    private static func kind(of descriptor: CInt) -> Kind {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return .file }
        switch status.st_mode & S_IFMT {
        case S_IFIFO: return .pipe
        case S_IFSOCK: return .socket
        // A terminal that was stopped takes nothing, and one whose reader is slow not all.
        case S_IFCHR where isatty(descriptor) == 1:
            let flags = O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
            let own = open("/proc/self/fd/\(descriptor)", flags)
            return own < 0 ? .pipe : .terminal(OwnDescriptor(own))
        default: return .file
        }
    }

    /// - Returns: how many bytes were written, or `-errno`.
    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) -> Int {
        let written = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        return written < 0 ? -Int(errno) : written
    }

    /// Whether something can be written, or nothing ever again.
    /// - Parameter limit: how long to wait for that, in milliseconds; -1 for as long as it takes.
    private static func takesSome(_ descriptor: CInt, limit: CInt) -> Bool {
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&wait, 1, limit) != 0
    }
}

/// A descriptor that is closed when nobody uses it any more.
private final class OwnDescriptor: Sendable {
    let descriptor: CInt

    init(_ descriptor: CInt) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }
}
