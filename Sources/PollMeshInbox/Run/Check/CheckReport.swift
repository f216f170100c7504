import Logging
import Transfer

/// What a check has found so far: one line of the log for each thing that was looked at.
struct CheckReport {
    private let log: RunLog
    private var first: Failure?
    private var failureCount = 0

    init(_ log: RunLog) {
        self.log = log
    }

    /// - Parameter statement: what holds, as a fixed sentence without its full stop.
    func passed(_ statement: String, _ fields: Logger.Metadata = [:]) {
        log.write(.checkPassed, fields.with(["check": "\(statement)"]))
    }

    /// Something that a run lives with, and that should be looked at.
    func doubtful(_ statement: String, advice: String, _ fields: Logger.Metadata = [:]) {
        log.write(.checkDoubtful, fields.with(["check": "\(statement)", "error.advice": "\(advice)"]))
    }

    mutating func failed(_ statement: String, _ failure: Failure) {
        // A check that was stopped has found nothing.
        if Task.isCancelled { return }
        first = first ?? failure
        failureCount += 1
        log.write(.checkFailed, failure.fields.with(["check": "\(statement)"]))
    }

    /// What can't be looked at since something before it failed.
    func skipped(_ statements: [String]) {
        if Task.isCancelled { return }
        for statement in statements {
            log.write(.checkSkipped, ["check": "\(statement)"])
        }
    }

    /// Looks at one thing.
    /// - Parameter proof: gives the fields of the line.
    /// - Returns: whether it holds.
    mutating func prove(
        _ statement: String,
        _ proof: () async throws(Failure) -> Logger.Metadata
    ) async -> Bool {
        do throws(Failure) {
            passed(statement, try await proof())
            return true
        } catch {
            failed(statement, error)
            return false
        }
    }

    /// As that of a run which meets the first of the failures.
    var outcome: RunOutcome {
        guard let first else { return RunOutcome(status: .success, outcome: "ok") }
        var outcome = RunOutcome(first)
        outcome.fields["checks.failed"] = .stringConvertible(failureCount)
        return outcome
    }
}

extension Logger.Metadata {
    /// These fields and others, which win.
    func with(_ others: Logger.Metadata) -> Logger.Metadata {
        merging(others) { _, new in new }
    }
}
