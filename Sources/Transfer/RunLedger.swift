import Synchronization

/// The counts of a run while its messages are on their way, and the reason to start no more of them.
final class RunLedger: Sendable {
    private struct State {
        var summary = RunSummary()
        var circuit = Circuit()
        /// The failure that every message met that was begun: storage that refuses all, or isn't there.
        var shared: Failure?
        var isShared = true
    }

    private let state = Mutex(State())

    /// Whether no further message may be started.
    var isBroken: Bool { state.withLock { $0.summary.failure != nil } }

    /// The counts; where every message met the same refusal of storage, that counts as the failure of the run.
    var summary: RunSummary {
        state.withLock { state in
            var summary = state.summary
            if summary.failure == nil, summary.stored == 0, state.isShared { summary.failure = state.shared }
            return summary
        }
    }

    func listed(_ count: Int) {
        state.withLock { $0.summary.listed += count }
    }

    func unstarted(_ count: Int) {
        state.withLock { $0.summary.unstarted += count }
    }

    /// The run as a whole can't go on; the first such failure is kept.
    func broke(_ failure: Failure) {
        state.withLock { state in
            if state.summary.failure == nil { state.summary.failure = failure }
        }
    }

    func finished(_ id: MessageID, _ outcome: MessageMover.Outcome) {
        state.withLock { state in
            switch outcome {
            case .moved(let length):
                state.summary.stored += 1
                state.summary.acknowledged += 1
                state.summary.bytes += length
                state.circuit.succeeded()
            case .quarantined(let failure, let length):
                state.summary.stored += 1
                state.summary.acknowledged += 1
                state.summary.quarantined += 1
                state.summary.bytes += length
                state.summary.note(id, failure)
                state.circuit.succeeded()
            case .acknowledged:
                state.summary.acknowledged += 1
                state.circuit.succeeded()
            case .gone, .unlisted:
                state.summary.gone += 1
            case .downloaded(let length):
                state.summary.bytes += length
            case .left:
                state.summary.skipped += 1
            case .invalid(let failure):
                state.summary.skipped += 1
                state.summary.invalid += 1
                state.summary.note(id, failure)
            case .failed(let failure):
                state.summary.failed += 1
                state.summary.note(id, failure)
                let refusesAll = failure.service == .storage && [.refused, .settings].contains(failure.kind)
                state.isShared = state.isShared && refusesAll
                state.shared = state.shared ?? failure
                if failure.kind == .lease || state.circuit.failed(failure), state.summary.failure == nil {
                    state.summary.failure = failure
                }
            }
        }
    }
}

extension RunSummary {
    fileprivate mutating func note(_ id: MessageID, _ failure: Failure) {
        if problems.count < Self.namedProblems {
            problems.append(Problem(id: id, type: failure.type))
        }
    }
}
