import Telemetry
import Transfer

extension RunReport {
    /// The metrics of the run, all of them in every run: a count of zero says more than none. docs/metrics.md lists them.
    /// - Parameter duration: of the run.
    func metrics(duration: Duration) -> [Metric] {
        var metrics = [messages, bytes, requestsByStatus, retries, phaseDurations, reports]
        metrics.append(
            Metric(
                "poll_mesh_inbox.runs",
                unit: "{run}",
                "Runs by outcome.",
                .counter(
                    RunSummary.Outcome.allCases.map { outcome in
                        Metric.Count(outcome == summary.outcome ? 1 : 0, [("outcome", outcome.rawValue)])
                    }
                )
            )
        )
        metrics.append(
            Metric(
                "poll_mesh_inbox.run.duration",
                unit: "s",
                "How long the last run took.",
                .gauge(duration / .seconds(1))
            )
        )
        if let remaining = summary.remaining {
            metrics.append(
                Metric(
                    "poll_mesh_inbox.inbox.remaining",
                    unit: "{message}",
                    "Messages left in the inbox by the last run.",
                    .gauge(Double(remaining))
                )
            )
        }
        if let age = oldestWaitingAge ?? (summary.remaining == 0 ? 0 : nil) {
            metrics.append(
                Metric(
                    "poll_mesh_inbox.oldest_waiting.age",
                    unit: "s",
                    "How long the oldest message that the last run left has been in the inbox, where its id tells.",
                    .gauge(Double(age))
                )
            )
        }
        return metrics
    }

    private var messages: Metric {
        let counts = [
            ("stored", summary.stored - summary.quarantined), ("quarantined", summary.quarantined),
            ("acknowledged", summary.acknowledged - summary.stored), ("skipped", summary.skipped),
            ("failed", summary.failed), ("unstarted", summary.unstarted), ("gone", summary.gone),
        ]
        return Metric(
            "poll_mesh_inbox.messages",
            unit: "{message}",
            "Messages by what became of them.",
            .counter(counts.map { Metric.Count($0.1, [("outcome", $0.0)]) })
        )
    }

    private var bytes: Metric {
        Metric(
            "poll_mesh_inbox.bytes",
            unit: "By",
            "Bytes of content that were stored.",
            .counter([Metric.Count(Int(summary.bytes))])
        )
    }

    private var requestsByStatus: Metric {
        let counts = answers.flatMap { service, counts in
            counts.sorted { $0.key < $1.key }.map { status, count in
                Metric.Count(count, [("service", service.rawValue), ("status", status)])
            }
        }
        return Metric(
            "poll_mesh_inbox.requests",
            unit: "{request}",
            "HTTP requests by the status of the answer, or by why there was none.",
            .counter(counts)
        )
    }

    private var retries: Metric {
        Metric(
            "poll_mesh_inbox.retries",
            unit: "{retry}",
            "Tries that were not the first of their operation.",
            .counter([Metric.Count(summary.retries)])
        )
    }

    private var phaseDurations: Metric {
        Metric(
            "poll_mesh_inbox.phase.duration",
            unit: "s",
            "How long single operations took, by phase.",
            .histogram(
                phases.map { phase, timing in
                    Metric.Distribution(buckets: timing.buckets, sum: timing.seconds, [("phase", phase.rawValue)])
                },
                bounds: RunMeter.Timing.bounds.map { Double($0) / 1e9 }
            )
        )
    }

    private var reports: Metric {
        Metric(
            "poll_mesh_inbox.reports",
            unit: "{report}",
            "Reports that a message which this mailbox sent was not delivered.",
            .counter([Metric.Count(summary.reports)])
        )
    }
}
