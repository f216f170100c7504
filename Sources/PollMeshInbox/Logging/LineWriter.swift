import Glibc
import Synchronization

/// Writes whole lines to a descriptor: one `write` each, never two of them mixed, whichever threads they come from.
///
/// A log that nobody reads any more does not stop the program: what can't be written is dropped.
package final class LineWriter: Sendable {
    private struct State {
        /// Whether the reader is gone.
        var isClosed = false
        /// Whether the last line was written in part only.
        var isInLine = false
    }

    private let descriptor: CInt
    private let state = Mutex(State())

    /// - Parameter descriptor: stays the caller's, and open.
    package init(descriptor: CInt) {
        self.descriptor = descriptor
    }

    /// Writes bytes that end with a line feed. Blocks while a pipe is full.
    package func write(_ line: [UInt8]) {
        state.withLock { state in
            guard !state.isClosed else { return }
            if state.isInLine {
                guard put([UInt8(ascii: "\n")], &state) else { return }
                state.isInLine = false
            }
            _ = put(line, &state)
        }
    }

    /// - Returns: false where not all was written.
    private func put(_ bytes: [UInt8], _ state: inout State) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let written = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress! + offset, buffer.count - offset)
            }
            if written > 0 {
                offset += written
                continue
            }
            switch errno {
            case EINTR:
                continue
            case EAGAIN:
                var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = Glibc.poll(&poll, 1, -1)
            case EPIPE, EBADF:
                state.isClosed = true
                return false
            default:
                state.isInLine = state.isInLine || offset > 0
                return false
            }
        }
        return true
    }
}
