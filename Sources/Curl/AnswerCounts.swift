import Synchronization

/// Counts how requests ended: with an answer's status, or without an answer.
final class AnswerCounts: Sendable {
    private struct State {
        // A handful of statuses: a search beats a dictionary.
        var answers: [(status: Int, count: Int)] = []
        var failures: [String: Int] = [:]
    }

    private let state = Mutex(State())

    func add(status: Int) {
        state.withLock { state in
            if let index = state.answers.firstIndex(where: { $0.status == status }) {
                state.answers[index].count += 1
            } else {
                state.answers.append((status, 1))
            }
        }
    }

    func add(_ error: CurlError) {
        state.withLock { $0.failures[error.typeName, default: 0] += 1 }
    }

    /// The number of requests by status, or by ``CurlError/typeName``.
    var all: [String: Int] {
        state.withLock { state in
            state.answers.reduce(into: state.failures) { $0["\($1.status)"] = $1.count }
        }
    }
}
