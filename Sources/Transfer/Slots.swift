import Synchronization

/// The places of those messages that are downloaded and stored at the same time.
final class Slots: Sendable {
    private struct State {
        var free: Int
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state: Mutex<State>

    init(_ count: Int) {
        state = Mutex(State(free: count))
    }

    /// Waits for a place. One task alone takes places.
    func take() async -> Slot {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free == 0 else {
                    state.free -= 1
                    return true
                }
                state.waiter = continuation
                return false
            }
            if isFree { continuation.resume() }
        }
        return Slot(self)
    }

    fileprivate func giveBack() {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            if state.waiter == nil { state.free += 1 }
            return state.waiter
        }
        waiter?.resume()
    }
}

/// One place, of one message.
final class Slot: Sendable {
    private let slots: Slots
    private let isGivenBack = Atomic(false)

    fileprivate init(_ slots: Slots) {
        self.slots = slots
    }

    /// Lets the next message begin; a second time changes nothing.
    func giveBack() {
        if !isGivenBack.exchange(true, ordering: .relaxed) { slots.giveBack() }
    }
}
