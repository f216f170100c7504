import Synchronization

/// Decides who gets a plain name: the first message of its BSO and second in inbox order. Messages may ask in any order
/// and at any time; each is answered when all before it have asked or given up.
package final class NameClaims: Sendable {
    private struct Key: Hashable {
        var code: BSOCode
        var time: CivilTime
    }

    private struct Waiter {
        var key: Key
        var continuation: CheckedContinuation<Bool, Never>
    }

    private enum Arrival {
        case waiting(Waiter)
        case gaveUp
    }

    private struct State {
        /// The place that is answered next; all before it were.
        var turn = 0
        var arrivals: [Int: Arrival] = [:]
        var claimed: Set<Key> = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Asks for the plain name.
    /// - Parameters:
    ///   - place: the message's place in inbox order, from 0, without gaps over a run.
    /// - Returns: true if the plain name is this message's; false if it takes its own collision name, as does everybody
    ///   who gave up the place before.
    package func claim(place: Int, code: BSOCode, time: CivilTime) async -> Bool {
        await withCheckedContinuation { continuation in
            let waiter = Waiter(key: Key(code: code, time: time), continuation: continuation)
            let answers = state.withLock { state -> [(CheckedContinuation<Bool, Never>, Bool)] in
                guard place >= state.turn, state.arrivals[place] == nil else { return [(continuation, false)] }
                state.arrivals[place] = .waiting(waiter)
                return Self.answer(&state)
            }
            for (continuation, answer) in answers { continuation.resume(returning: answer) }
        }
    }

    /// The same for a caller that asks for all places in order, so that there is nobody to wait for.
    package func claimInOrder(place: Int, code: BSOCode, time: CivilTime) -> Bool {
        state.withLock { state in
            precondition(place == state.turn && state.arrivals.isEmpty, "not in order")
            state.turn += 1
            return state.claimed.insert(Key(code: code, time: time)).inserted
        }
    }

    /// Lets those behind go first: this message has no name yet, or never will. Has no effect after an answer.
    package func giveUp(place: Int) {
        let answers = state.withLock { state -> [(CheckedContinuation<Bool, Never>, Bool)] in
            guard place >= state.turn, state.arrivals[place] == nil else { return [] }
            state.arrivals[place] = .gaveUp
            return Self.answer(&state)
        }
        for (continuation, answer) in answers { continuation.resume(returning: answer) }
    }

    private static func answer(_ state: inout State) -> [(CheckedContinuation<Bool, Never>, Bool)] {
        var answers: [(CheckedContinuation<Bool, Never>, Bool)] = []
        while let arrival = state.arrivals.removeValue(forKey: state.turn) {
            state.turn += 1
            guard case .waiting(let waiter) = arrival else { continue }
            answers.append((waiter.continuation, state.claimed.insert(waiter.key).inserted))
        }
        return answers
    }
}
