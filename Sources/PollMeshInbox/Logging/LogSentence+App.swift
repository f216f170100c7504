import Logging
import Transfer

extension LogSentence {
    static let settingDoubtful = LogSentence(
        .warning,
        "setting is doubtful",
        fields: ["setting", "problem", "certificate.expires_in_days"],
        meaning: "A setting is usable and probably not what was meant."
    )
    static let settingNotUsable = LogSentence(
        .error,
        "setting is not usable",
        fields: ["setting", "problem", "error.type"],
        meaning: "One line for each problem with the settings; nothing else was done."
    )
    static let checkPassed = LogSentence(
        .info,
        "check passed",
        fields: ["check"] + checkFields,
        meaning: "poll-mesh-inbox check: what the field says was tried and holds."
    )
    static let checkDoubtful = LogSentence(
        .warning,
        "check doubtful",
        fields: ["check", "error.advice"] + checkFields,
        meaning: "poll-mesh-inbox check: a run lives with what the field says, and it should be looked at."
    )
    static let checkSkipped = LogSentence(
        .info,
        "check skipped",
        fields: ["check"],
        meaning: "poll-mesh-inbox check: it was not looked at, since something before it failed."
    )
    static let checkFailed = LogSentence(
        .error,
        "check failed",
        fields: ["check"],
        showsFailure: true,
        meaning: "poll-mesh-inbox check: what the field says was tried and does not hold."
    )
    static let progress = LogSentence(
        .info,
        "progress",
        fields: ["messages.done", "messages.known", "bytes", "bytes_per_s", "messages_per_s", "duration_s"],
        meaning: "Every 30 s while messages are moved; on a terminal there is a line that changes instead."
    )
    static let metricsNotSent = LogSentence(
        .warning,
        "metrics were not sent",
        fields: ["error.type", "error.message", "http.response.status_code", "server.address"],
        meaning:
            "OpenTelemetry metrics were asked for and did not arrive. The run and its exit status are not touched by it."
    )
    static let linesLost = LogSentence(
        .warning,
        "lines of the log were lost",
        fields: ["log.lost_lines"],
        meaning:
            "Nobody read the log for a while, and what waited to be read got too much: so many lines are missing here. The run went on."
    )
    /// The last line. Its level follows from the exit status.
    static let runFinished = LogSentence(
        .info,
        "run finished",
        fields: RunOutcome.pollFields,
        showsFailure: true,
        meaning:
            "The summary, always the last line, and the termination message. WARNING for status 65 and 143, ERROR for every other one but 0."
    )
    static let checkFinished = LogSentence(
        .info,
        "check finished",
        fields: RunOutcome.commonFields + ["checks.failed", "certificate.expires_in_days"],
        showsFailure: true,
        meaning: "The summary of poll-mesh-inbox check, always its last line; ERROR where a check failed."
    )

    /// What a check may show of what it looked at.
    private static let checkFields = [
        "server.address", "network.peer.address", "tls.server.subject", "tls.server.issuer", "tls.server.chain_length",
        "tls.server.expires_in_days", "clock.skew_s", "mesh.mailbox", "certificate.expires_in_days", "messages.waiting",
        "credential", "credential.end", "credential.expires_in_s", "blob.container", "blob.name",
    ]

    /// All that the program says, in the order of the reference.
    static let all: [LogSentence] =
        [runFinished] + transfer + [
            progress, linesLost, metricsNotSent, settingDoubtful, settingNotUsable, checkPassed, checkDoubtful,
            checkFailed,
            checkSkipped, checkFinished,
        ]
}
