import Foundation
import Logging
import ProgramFixture
import Telemetry
import Testing

@testable import PollMeshInbox
@testable import Transfer

@Suite struct RunReportTests {
    private func report(_ change: (inout RunSummary) -> Void = { _ in }) -> RunReport {
        var summary = RunSummary()
        change(&summary)
        return RunReport(summary: summary, phases: [], requests: 0, answers: [], now: 1_000_000)
    }

    private func termination(_ outcome: RunOutcome) -> [UInt8] {
        let stream = LogStream(
            format: .json,
            redactor: Redactor(),
            writer: LineWriter(descriptor: -1),
            process: ProcessFields(runID: "00000000-0000-4000-8000-000000000000"),
            now: { LogFormatTests.time }
        )
        return TerminationMessage.content(stream.record(outcome.level, "run finished", outcome.fields), of: stream)
    }

    /// The longest that every field can be.
    @Test func theLargestSummaryFitsTheTerminationMessageWhole() throws {
        var report = report { summary in
            summary.listed = .max
            summary.stored = .max
            summary.acknowledged = .max
            summary.skipped = .max
            summary.failed = .max
            summary.quarantined = .max
            summary.gone = .max
            summary.unstarted = .max
            summary.reports = .max
            summary.remaining = .max
            summary.oldestWaiting = 0
            summary.bytes = .max
            summary.retries = .max
            let long = String(repeating: "é", count: 5_000)
            for number in 1...5 {
                summary.problems.append(
                    RunSummary.Problem(
                        id: MessageID("\(number)\(long)"),
                        type: "AuthorizationPermissionMismatch",
                        reason: MarkedText(foreign: long)
                    )
                )
            }
            for number in 1...1_000 { summary.problemCounts["AuthorizationPermissionMismatch\(number)"] = number }
            summary.failure = Failure(
                service: .storage,
                kind: .refused,
                type: "AuthorizationPermissionMismatch",
                message: MarkedText(familiar: String(repeating: "m", count: 300)),
                advice: String(repeating: "a", count: 300),
                status: 403,
                requestID: UUID().uuidString,
                server: String(repeating: "s", count: 80)
            )
        }
        var timing = RunMeter.Timing()
        timing.add(.max / 2)
        report.phases = Phase.allCases.map { ($0, timing) }
        let outcome = RunOutcome(report)
        let content = termination(outcome)
        #expect(content.count < 4_096)
        let object = try JSONLine(content)
        for name in outcome.fields.keys { #expect(object.values[name] != nil, "\(name)") }
        #expect((object[list: "problems"] ?? []).count == 5)
        guard case .text(let others) = object[list: "problem_counts"]?.last else {
            Issue.record("no problems are counted")
            return
        }
        #expect(others.hasPrefix("others: "))
    }

    @Test func everyFieldOfASummaryIsInItsList() {
        let report = report { summary in
            (summary.quarantined, summary.gone, summary.unstarted, summary.reports) = (1, 1, 1, 1)
            (summary.remaining, summary.oldestWaiting) = (1, 1)
            summary.problems = [RunSummary.Problem(id: MessageID("a"), type: "b", reason: "c")]
        }
        let known = Set(RunOutcome.pollFields)
        #expect(Set(RunOutcome(report).fields.keys).subtracting(known) == [])
    }

    @Test func ageIsThatOfTheOldestThatIsLeft() throws {
        let fields = RunOutcome(report { $0.oldestWaiting = 400_000 }).fields
        #expect(fields["inbox.oldest_waiting_age_s"]?.description == "600000")
        #expect(fields["inbox.oldest_waiting"]?.description == "1970-01-05T15:06:40.000Z")
        #expect(RunOutcome(report()).fields["inbox.oldest_waiting"] == nil)
        #expect(RunOutcome(report()).fields["inbox.remaining"] == nil)
    }

    @Test func theMetricsAreThoseOfTheDocument() throws {
        let report = report { ($0.remaining, $0.oldestWaiting) = (1, 1) }
        let names = report.metrics(duration: .seconds(1)).map(\.name)
        #expect(Set(names).count == names.count)
        #expect(
            try Set(Document("docs/metrics.md").codeInFirstCells().filter { $0.hasPrefix("poll_mesh_inbox.") })
                == Set(names)
        )
    }

    @Test func messagesAreCountedOnceEach() {
        let report = report { summary in
            (summary.stored, summary.quarantined, summary.acknowledged, summary.failed) = (5, 2, 8, 1)
        }
        guard let metric = report.metrics(duration: .zero).first, case .counter(let counts) = metric.value else {
            return
        }
        let request = MetricsRequest(
            resource: [],
            scope: ("test", "1"),
            temporality: .cumulative,
            start: 0,
            end: 1,
            metrics: [metric]
        )
        #expect(counts.count == 7)
        let text = String(decoding: request.json, as: UTF8.self)
        for (outcome, count) in [("stored", 3), ("quarantined", 2), ("acknowledged", 3), ("failed", 1), ("gone", 0)] {
            #expect(text.contains(#""\#(outcome)"}}],"startTimeUnixNano":"0","timeUnixNano":"1","asInt":"\#(count)""#))
        }
    }
}
