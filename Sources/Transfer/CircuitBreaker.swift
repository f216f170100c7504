/// Tells a service that is down from messages that fail, each tried as often as the policy says.
///
/// After a few failures in a row on one side the service is suspected, and asked something that has nothing to do with a message.
/// If it answers, the messages are at fault, and the run goes on with the others. If it does not, or if nothing succeeds for
/// too long, the run ends. A single failure never stops the others.
struct CircuitBreaker: Sendable {
    /// The failures in a row that raise the first suspicion; each further one takes twice as many.
    static let firstSuspicion = 5
    /// The failures in a row that end a run, though the service answers: the next run begins with other messages. A mailbox may
    /// hold many messages that can't be downloaded; storage seldom refuses one message and takes another.
    static let mostFailures: [Failure.Service: Int] = [.mesh: 1_000, .storage: 15]
    /// How long a run goes on without success, though the service answers.
    static let longestDrought = Duration.seconds(300)

    /// What is to be done after a failure.
    enum Verdict: Equatable {
        case goOn
        /// Ask the service whether it is there.
        case suspect
        case endRun
    }

    private struct Side {
        var failures = 0
        var nextSuspicion = CircuitBreaker.firstSuspicion
        /// When the first of the failures came.
        var since = Duration.zero
    }

    private var sides: [Failure.Service: Side] = [:]

    /// A message was moved: both sides work.
    mutating func succeeded() {
        sides.removeAll(keepingCapacity: true)
    }

    /// - Parameter now: by a clock that never goes back.
    mutating func failed(_ failure: Failure, now: Duration) -> Verdict {
        guard Self.mayBeOutage(failure) else { return .goOn }
        var side = sides[failure.service] ?? Side(since: now)
        defer { sides[failure.service] = side }
        side.failures += 1
        guard side.failures >= Self.firstSuspicion else { return .goOn }
        // Storage that refuses us refuses every message.
        if failure.service == .storage && failure.kind != .transient && failure.kind != .staleConnection { return .endRun }
        if side.failures >= Self.mostFailures[failure.service]! || now - side.since >= Self.longestDrought {
            return .endRun
        }
        guard side.failures >= side.nextSuspicion else { return .goOn }
        side.nextSuspicion = side.failures * 2
        return .suspect
    }

    private static func mayBeOutage(_ failure: Failure) -> Bool {
        switch failure.kind {
        case .transient, .staleConnection, .refused, .settings: true
        default: false
        }
    }
}
