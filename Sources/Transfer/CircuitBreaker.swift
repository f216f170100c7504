/// Tells a service that is down from messages that fail, each tried as often as the policy says.
///
/// After a few failures in a row on one side the service is suspected, and asked something that has nothing to do with a
/// message. If it does not answer, the run ends. If it does, the run tries samples of the messages that wait: one that succeeds
/// shows that the messages are at fault, and the run goes on with all of them; if every sample fails, the service is taken to
/// be down. A single failure never stops the others.
struct CircuitBreaker: Sendable {
    /// The failures in a row that raise the first suspicion; each further one takes twice as many.
    static let firstSuspicion = 5
    /// How long a run goes on without success, though the service answers.
    static let longestDrought = Duration.seconds(300)

    /// What is to be done after a failure.
    enum Verdict: Equatable {
        case goOn
        /// Ask the service whether it is there.
        case suspect
        case endRun
    }

    /// How many samples it takes. A mailbox may hold many messages that can't be downloaded; storage seldom refuses one message
    /// and takes another.
    struct Samples: Sendable {
        /// Of a page of so many messages.
        var most: @Sendable (Int) -> Int
        /// The failures in a row that show an outage once every page was sampled.
        var leastFailures: Int
        /// The failed samples that show it at once.
        var enough: Int

        static let ofMESH = Samples(most: { max(16, $0 / 8) }, leastFailures: 32, enough: 1_000)
        static let ofStorage = Samples(most: { _ in 4 }, leastFailures: 8, enough: 32)

        static func of(_ service: Failure.Service) -> Samples {
            service == .storage ? ofStorage : ofMESH
        }
    }

    private struct Side {
        var failures = 0
        var failedSamples = 0
        var nextSuspicion = CircuitBreaker.firstSuspicion
        /// When the first of the failures came.
        var since = Duration.zero
        var last: Failure?
        /// Whether a sample was moved while this side was suspected.
        var servesOthers = false

        var isDoubtful: Bool { failures >= CircuitBreaker.firstSuspicion && !servesOthers }
    }

    private var sides: [Failure.Service: Side] = [:]

    /// The samples that are wanted now; `nil` where no service is suspected.
    var samples: Samples? {
        let doubtful = sides.filter(\.value.isDoubtful).keys
        guard let service = doubtful.first(where: { $0 == .storage }) ?? doubtful.first else { return nil }
        return .of(service)
    }

    /// A message was moved: both sides work, or did when it was begun.
    mutating func succeeded(isSample: Bool = false) {
        for (service, side) in sides where side.failures > 0 {
            sides[service] = Side(servesOthers: side.servesOthers || isSample && side.isDoubtful)
        }
    }

    /// - Parameters:
    ///   - isSample: whether the message was tried as one.
    ///   - now: by a clock that never goes back.
    mutating func failed(_ failure: Failure, isSample: Bool = false, now: Duration) -> Verdict {
        guard Self.mayBeOutage(failure) else { return .goOn }
        var side = sides[failure.service] ?? Side()
        defer { sides[failure.service] = side }
        if side.failures == 0 { side.since = now }
        side.failures += 1
        side.last = failure
        if isSample { side.failedSamples += 1 }
        guard side.failures >= Self.firstSuspicion else { return .goOn }
        // Storage that refuses us refuses every message.
        if failure.service == .storage && failure.kind != .transient && failure.kind != .staleConnection {
            return .endRun
        }
        if now - side.since >= Self.longestDrought { return .endRun }
        if side.isDoubtful && side.failedSamples >= Samples.of(failure.service).enough { return .endRun }
        guard side.failures >= side.nextSuspicion else { return .goOn }
        side.nextSuspicion = side.failures * 2
        return .suspect
    }

    /// Every page was sampled.
    /// - Returns: the last failure of a service of which all samples failed; `nil` where there were too few to tell.
    func outage() -> Failure? {
        sides.first { service, side in
            side.isDoubtful && side.failedSamples > 0 && side.failures >= Samples.of(service).leastFailures
        }?.value.last
    }

    private static func mayBeOutage(_ failure: Failure) -> Bool {
        switch failure.kind {
        case .transient, .staleConnection, .refused, .settings: true
        default: false
        }
    }
}
