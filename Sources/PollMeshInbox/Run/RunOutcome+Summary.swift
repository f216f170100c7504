import Logging
import Transfer

extension RunOutcome {
    /// The fields that every summary has.
    static let commonFields = ["outcome", "process.exit.code", "duration_s"]

    /// The fields that the summary of a poll has beside those of a failure, some only where there is something to tell.
    static let pollFields =
        commonFields + [
            "messages.listed", "messages.stored", "messages.acknowledged", "messages.skipped", "messages.failed",
            "messages.quarantined", "messages.gone", "messages.unstarted", "messages.reports", "inbox.remaining",
            "inbox.oldest_waiting", "inbox.oldest_waiting_age_s", "bytes", "requests", "retries", "problems",
            "problem_counts", "certificate.expires_in_days",
        ] + Phase.allCases.map(\.summaryField)

    /// What a drain amounts to.
    init(_ report: RunReport) {
        let summary = report.summary
        var fields: Logger.Metadata = [
            "messages.listed": .stringConvertible(summary.listed),
            "messages.stored": .stringConvertible(summary.stored),
            "messages.acknowledged": .stringConvertible(summary.acknowledged),
            "messages.skipped": .stringConvertible(summary.skipped),
            "messages.failed": .stringConvertible(summary.failed),
            "bytes": .stringConvertible(summary.bytes),
            "requests": .stringConvertible(report.requests),
            "retries": .stringConvertible(summary.retries),
        ]
        for (name, count) in [
            ("messages.quarantined", summary.quarantined), ("messages.gone", summary.gone),
            ("messages.unstarted", summary.unstarted), ("messages.reports", summary.reports),
        ] where count > 0 {
            fields[name] = .stringConvertible(count)
        }
        if let remaining = summary.remaining { fields["inbox.remaining"] = .stringConvertible(remaining) }
        if let time = summary.oldestWaiting, let age = report.oldestWaitingAge {
            fields["inbox.oldest_waiting"] = .string(WallTime(milliseconds: time * 1_000).rfc3339)
            fields["inbox.oldest_waiting_age_s"] = .stringConvertible(age)
        }
        for (phase, timing) in report.phases {
            fields[phase.summaryField] = .stringConvertible(Duration.nanoseconds(timing.sum))
        }
        if !summary.problems.isEmpty {
            fields["problems"] = .array(summary.problems.map { .stringConvertible($0.text) })
            fields["problem_counts"] = .array(summary.problemCountTexts.map { .string($0) })
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

extension RunSummary.Problem {
    /// The id, the type, and as much of the reason as one glance takes in.
    fileprivate var text: MarkedText {
        "\(id, limit: 64): \(type, limit: 64): \(reason.limited(to: 160))"
    }
}

extension RunSummary {
    /// `type: count`, the most frequent first, and one for the rest of them.
    fileprivate var problemCountTexts: [String] {
        let named = 8
        let counts = problemCounts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let rest = counts.dropFirst(named).reduce(0) { $0 + $1.value }
        return counts.prefix(named).map { "\($0.key): \($0.value)" } + (rest > 0 ? ["others: \(rest)"] : [])
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
