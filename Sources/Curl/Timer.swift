import Synchronization

/// Somebody who waits for a moment, and may be woken before.
final class Timer: Sendable {
    private struct State {
        var waiter: CheckedContinuation<Void, Never>?
        var isOver = false
    }

    let moment: ContinuousClock.Instant
    private let state = Mutex(State())

    init(until moment: ContinuousClock.Instant) {
        self.moment = moment
    }

    /// - Returns: false if it is over already, so that nobody would wake the waiter.
    func begin(_ waiter: CheckedContinuation<Void, Never>) -> Bool {
        state.withLock { state in
            if state.isOver { return false }
            state.waiter = waiter
            return true
        }
    }

    var isOver: Bool { state.withLock { $0.isOver } }

    /// Wakes the waiter, once.
    func end() {
        let waiter = state.withLock { state in
            state.isOver = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }
}

/// The timers of one loop, the next one last.
struct TimerQueue {
    private var timers: [Timer] = []

    mutating func add(_ timer: Timer) {
        let place = timers.firstIndex { $0.moment < timer.moment } ?? timers.endIndex
        timers.insert(timer, at: place)
    }

    /// Ends those whose moment has come, and forgets those that are over.
    mutating func endDue() {
        while let next = timers.last, next.isOver || next.moment <= .now {
            timers.removeLast()
            next.end()
        }
    }

    /// How long the loop may sleep, in milliseconds rounded up.
    func pause(atMost limit: Int32) -> Int32 {
        guard let next = timers.last else { return limit }
        let milliseconds = max(0, ContinuousClock.now.duration(to: next.moment).milliseconds + 1)
        return Int32(min(Int64(limit), milliseconds))
    }
}
