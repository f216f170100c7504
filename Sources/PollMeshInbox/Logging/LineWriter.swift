import Synchronization

/// Writes whole lines to a descriptor, in their order, never two of them mixed, whichever threads they come from.
///
/// A log that nobody reads does not stop the program. What a pipe has no room for waits in a queue, and a thread of its own
/// waits for the reader; what the queue has no room for is lost, and a line says so where the log goes on. What can't be
/// written at all is dropped. Nothing is written while a lock is held, so that no thread waits for another's `write`.
package final class LineWriter: Sendable {
    private let sink: LineSink
    private let state = Mutex(PendingLines())

    /// - Parameter descriptor: stays the caller's, and open.
    package convenience init(descriptor: CInt) {
        self.init(LineSink(descriptor: descriptor))
    }

    init(_ sink: LineSink) {
        self.sink = sink
    }

    /// Has a line made for the log where others were lost.
    func onLoss(_ line: @escaping @Sendable (_ count: Int) -> [UInt8]) {
        state.withLock { $0.lossLine = line }
    }

    /// Writes bytes that end with a line feed, or queues them where that would mean to wait.
    /// - Parameter isLast: whether it is taken however many wait, and no other is taken after it.
    package func write(_ line: [UInt8], isLast: Bool = false) {
        drain(state.withLock { $0.add(line, isLast: isLast) ? $0.next() : .end })
    }

    /// Writes the last line, for a thread that must go on whatever becomes of it: never waits longer than `limit`.
    /// - Returns: whether all is written.
    package func writeLast(_ line: [UInt8], within limit: Duration) -> Bool {
        if state.withLock({ $0.add(line, isLast: true) }) { drainElsewhere() }
        return flush(within: limit)
    }

    /// Waits until all lines are written.
    /// - Parameter limit: how long at most; `nil` for as long as there is a reader.
    /// - Returns: whether all is written.
    @discardableResult
    package func flush(within limit: Duration?) -> Bool {
        let latch = Latch()
        let (isDone, mustWrite) = state.withLock { state in
            if state.isDone { return (true, false) }
            state.latches.append(latch)
            return (false, state.begin())
        }
        if isDone { return true }
        if mustWrite { drainElsewhere() }
        return latch.wait(within: limit)
    }

    /// Shows a text below the last line until the next call, on a terminal; an empty one takes it away.
    func setStatus(_ text: String) {
        let status = Array(text.utf8)
        drain(state.withLock { $0.show(status: status) ? $0.next() : .end })
    }

    /// Writes what is queued, as far as that means no waiting.
    private func drain(_ first: PendingLines.Step) {
        var step = first
        while true {
            switch step {
            case .write(let bytes, let offset):
                let written = bytes.withUnsafeBytes { sink.send(UnsafeRawBufferPointer(rebasing: $0[offset...])) }
                step = state.withLock { $0.next(after: written) }
            case .wait:
                return drainElsewhere()
            case .end:
                return
            }
        }
    }

    /// Has a thread of its own write what is queued, however long that takes.
    private func drainElsewhere() {
        let isStarted = DetachedThread.start { [self] in
            var step = state.withLock { $0.next() }
            while case .write(let bytes, let offset) = step {
                let written = bytes.withUnsafeBytes {
                    sink.sendWaiting(UnsafeRawBufferPointer(rebasing: $0[offset...]))
                }
                step = state.withLock { $0.next(after: written) }
            }
        }
        // Without a thread, the next line tries it again.
        if !isStarted { state.withLock { $0.isWriting = false } }
    }
}
