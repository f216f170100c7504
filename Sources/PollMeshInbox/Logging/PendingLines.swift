import Glibc

/// The lines that are to be written, and who writes them: one thread at a time, in their order.
struct PendingLines: Sendable {
    /// What the thread that writes does next.
    enum Step {
        case write([UInt8], from: Int)
        /// Nothing can be written now.
        case wait
        case end
    }

    /// Back to the first column, and away with what is there (ECMA-48, EL).
    private static let erase = Array("\r\u{1b}[K".utf8)
    private static let newline = [UInt8(ascii: "\n")]

    /// Has a line made for the log where others were lost.
    var lossLine: (@Sendable (_ count: Int) -> [UInt8])?
    /// What is opened when all is written.
    var latches: [Latch] = []
    /// Whether a thread writes. It alone takes lines from the queue.
    var isWriting = false
    private var queue = LineQueue()
    /// How many bytes of the first line in the queue are written.
    private var offset = 0
    /// Whether the last line was written in part only.
    private var isInLine = false
    /// Whether the reader is gone.
    private var isClosed = false
    /// Whether the last line of all was queued.
    private var isEnded = false
    /// What stands at the bottom of the terminal, below the last line.
    private var status: [UInt8] = []
    /// Whether something else stands there by now.
    private var isStatusOld = false

    /// Whether all is written.
    var isDone: Bool { queue.isEmpty && !isWriting }
}

extension PendingLines {
    /// Queues a line.
    /// - Returns: whether the calling thread is the one to write.
    mutating func add(_ line: [UInt8], isLast: Bool) -> Bool {
        guard !isClosed, !isEnded else { return false }
        isEnded = isLast
        tellLoss(isEnd: isLast)
        queue.append(status.isEmpty ? line : Self.erase + line + status, isVital: isLast)
        return begin()
    }

    /// Has a text shown below the last line.
    /// - Returns: whether the calling thread is the one to write.
    mutating func show(status: [UInt8]) -> Bool {
        guard !isClosed, !isEnded, status != self.status else { return false }
        self.status = status
        isStatusOld = true
        return begin()
    }

    /// - Returns: whether the calling thread is the one to write.
    mutating func begin() -> Bool {
        defer { isWriting = true }
        return !isWriting
    }

    /// What the thread that writes does next.
    mutating func next() -> Step {
        if queue.isEmpty { tellLoss(isEnd: false) }
        if queue.isEmpty, isStatusOld {
            isStatusOld = false
            queue.append(Self.erase + status, isVital: true)
        }
        guard let line = queue.first else {
            isWriting = false
            for latch in latches { latch.open() }
            latches = []
            return .end
        }
        return isInLine && offset == 0 ? .write(Self.newline, from: 0) : .write(line, from: offset)
    }

    /// What it does after a `write` that gave this result.
    mutating func next(after written: Int) -> Step {
        if written > 0 {
            if isInLine && offset == 0 {
                isInLine = false
            } else {
                offset += written
                if offset == queue.first?.count { endLine() }
            }
            return next()
        }
        switch CInt(-written) {
        case EINTR: break
        case EAGAIN: return .wait
        case EPIPE, EBADF:
            isClosed = true
            queue.removeAll()
            offset = 0
        default:
            isInLine = isInLine || offset > 0
            endLine()
        }
        return next()
    }

    private mutating func endLine() {
        queue.removeFirst()
        offset = 0
    }

    private mutating func tellLoss(isEnd: Bool) {
        guard let count = queue.takeLostCount(isEnd: isEnd), let lossLine else { return }
        queue.append(lossLine(count), isVital: true)
    }
}
