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
        /// What stands at the bottom of the terminal, below the last line.
        var status: [UInt8] = []
    }

    /// Back to the first column, and away with what is there (ECMA-48, EL).
    private static let erase = Array("\r\u{1b}[K".utf8)

    private let send: @Sendable (UnsafeRawBufferPointer) -> Int
    private let state = Mutex(State())

    /// - Parameter descriptor: stays the caller's, and open.
    package convenience init(descriptor: CInt) {
        self.init { bytes in
            while true {
                let written = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
                if written >= 0 {
                    return written
                }
                guard errno == EAGAIN else { return -Int(errno) }
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&wait, 1, -1)
            }
        }
    }

    /// - Parameter send: writes some of the bytes, waiting until it can, and returns how many, or `-errno`.
    init(send: @escaping @Sendable (UnsafeRawBufferPointer) -> Int) {
        self.send = send
    }

    /// Writes bytes that end with a line feed. Blocks while a pipe is full.
    package func write(_ line: [UInt8]) {
        state.withLock { state in
            guard !state.isClosed else { return }
            if state.isInLine {
                guard put([UInt8(ascii: "\n")], &state) else { return }
                state.isInLine = false
            }
            _ = put(state.status.isEmpty ? line : Self.erase + line + state.status, &state)
        }
    }

    /// Shows a text below the last line until the next call, on a terminal; an empty one takes it away.
    func setStatus(_ text: String) {
        state.withLock { state in
            let status = Array(text.utf8)
            guard !state.isClosed, status != state.status else { return }
            state.status = status
            _ = put(Self.erase + status, &state)
        }
    }

    /// - Returns: false where not all was written.
    private func put(_ bytes: [UInt8], _ state: inout State) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let written = bytes.withUnsafeBytes { send(UnsafeRawBufferPointer(rebasing: $0[offset...])) }
            if written > 0 {
                offset += written
                continue
            }
            switch CInt(-written) {
            case EINTR:
                continue
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
