package import Logging

/// How a run ended: what the summary says, and what the process ends with.
package struct RunOutcome: Sendable {
    package var status: ExitStatus
    /// One word or a few of a small set, such as `moved`, `locked`, `failed`.
    package var outcome: String
    /// The summary's other fields. Numbers are given as `.stringConvertible` to stay numbers.
    package var fields: Logger.Metadata

    package init(status: ExitStatus, outcome: String, fields: Logger.Metadata = [:]) {
        self.status = status
        self.outcome = outcome
        self.fields = fields
    }

    /// INFO for what went well, WARNING for what needs an eye, ERROR for what was not done.
    var level: Logger.Level {
        switch status {
        case .success: .info
        case .terminated, .invalidMessages: .warning
        case .usage, .unavailable, .bug, .someFailed, .refused, .settings: .error
        }
    }
}
