import Logging
import Transfer

extension RunOutcome {
    /// What a drain amounts to.
    init(_ summary: RunSummary, requests: Int) {
        var fields: Logger.Metadata = [
            "messages.listed": .stringConvertible(summary.listed),
            "messages.stored": .stringConvertible(summary.stored),
            "messages.acknowledged": .stringConvertible(summary.acknowledged),
            "messages.skipped": .stringConvertible(summary.skipped),
            "messages.failed": .stringConvertible(summary.failed),
            "bytes": .stringConvertible(summary.bytes),
            "requests": .stringConvertible(requests),
            "retries": .stringConvertible(summary.retries),
        ]
        if summary.quarantined > 0 {
            fields["messages.quarantined"] = .stringConvertible(summary.quarantined)
        }
        if summary.gone > 0 {
            fields["messages.gone"] = .stringConvertible(summary.gone)
        }
        if summary.unstarted > 0 {
            fields["messages.unstarted"] = .stringConvertible(summary.unstarted)
        }
        if !summary.problems.isEmpty {
            fields["problems"] = .array(summary.problems.map { .string("\($0.id): \($0.type)") })
        }
        if let failure = summary.failure {
            fields.merge(failure.fields) { _, new in new }
        }
        self.init(status: summary.outcome.status, outcome: summary.outcome.rawValue, fields: fields)
    }

    /// A failure before anything could be done.
    init(_ failure: Failure) {
        var summary = RunSummary()
        summary.failure = failure
        summary.conclude(deadlinePassed: false)
        self.init(status: summary.outcome.status, outcome: summary.outcome.rawValue, fields: failure.fields)
    }
}

extension RunSummary.Outcome {
    /// What the process ends with.
    package var status: ExitStatus {
        switch self {
        case .completed, .empty, .locked, .deadline: .success
        case .invalidLeft: .invalidMessages
        case .incomplete, .leaseLost: .someFailed
        case .unavailable: .unavailable
        case .refused: .refused
        case .misconfigured: .settings
        case .stopped: .terminated
        }
    }
}
