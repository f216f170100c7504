import Transfer

/// All that is known of a run when it is over.
struct RunReport: Sendable {
    var summary: RunSummary
    var phases: [(phase: Phase, timing: RunMeter.Timing)]
    /// HTTP requests.
    var requests: Int
    var answers: [(service: Failure.Service, counts: [String: Int])]
    /// Seconds since 1970.
    var now: Int64

    /// How long the oldest message that is left has been waiting, in seconds, where its id tells.
    var oldestWaitingAge: Int64? { summary.oldestWaiting.map { max(0, now - $0) } }
}

extension RunReport {
    init(summary: RunSummary, meter: RunMeter, services: Services, now: Int64) {
        self.init(
            summary: summary,
            phases: meter.phases,
            requests: services.requestCount,
            answers: services.answerCounts,
            now: now
        )
    }
}
