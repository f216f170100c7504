import Logging
import Transfer

/// The reference of the log, for people: docs/log-reference.md between its marks.
enum LogReference {
    /// A field, and what its reader is told of it.
    struct Field: Sendable {
        enum Kind: String, Sendable {
            case text
            case number
            case texts = "list of texts"
        }

        let name: String
        let kind: Kind
        let meaning: String

        init(_ name: String, _ kind: Kind, _ meaning: String) {
            self.name = name
            self.kind = kind
            self.meaning = meaning
        }
    }

    /// The fields of every line.
    static let common = [
        Field("time", "When the line was written: RFC 3339, UTC, milliseconds."),
        Field("level", "DEBUG, INFO, WARNING or ERROR."),
        Field("msg", "What happened: one of the sentences below. Values never stand in it."),
        Field("service.name", "Always poll-mesh-inbox."),
        Field("service.version", "The version of the program."),
        Field("run.id", "A UUID of this run, the same in all of its lines; the journal's lease is held under it."),
    ]

    /// The fields of a failure, which stand together.
    static let failure = [
        Field("error.type", "A short name of what went wrong; docs/operations.md has an entry for each."),
        Field("error.message", "What happened, in one sentence."),
        Field("error.advice", "What to do about it, in one sentence, where there is something to do."),
        Field("http.response.status_code", .number, "The status of the answer, where there was one."),
        Field("mesh.request_id", "MESH's own id of the request, for a call to its service desk."),
        Field("storage.request_id", "The storage service's own id of the request, for a support case."),
        Field("server.address", "The host and port that was asked."),
    ]

    /// The fields of single lines.
    static let special: [Field] =
        [
            Field("messaging.message.id", "The message's id in MESH: on every line that is about one message."),
            Field("blob.name", "Where the message is: the name in the container, or the path in the folder."),
            Field("blob.length", .number, "The length of its content, in bytes."),
            Field("blob.sha256", "SHA-256 of its content, in hexadecimal."),
            Field("mesh.status_code", "Of a report: MESH's code of what went wrong."),
            Field("mesh.status_event", "Of a report: in which step that was."),
            Field("mesh.status_description", "Of a report: MESH's words about it."),
            Field("mesh.linked_message_id", "Of a report: the message that was not delivered."),
            Field("mesh.workflow_id", "Of a report: the workflow of that message."),
            Field("grace_period_s", .number, "How long messages in flight may take to finish, in seconds."),
            Field("retry.delay_s", .number, "The wait before the next try, in seconds."),
            Field("service", "The service that was asked: mesh or storage."),
            Field("check", "What was tried."),
            Field("checks.failed", .number, "How many checks failed."),
            Field("network.peer.address", "The IP address that the server's name stands for."),
            Field("tls.server.subject", "Whose certificate the server showed."),
            Field("tls.server.issuer", "Who signed it."),
            Field("tls.server.chain_length", .number, "How many certificates it showed in all."),
            Field("tls.server.expires_in_days", .number, "How many days it still holds."),
            Field("clock.skew_s", .number, "By how many seconds our clock is ahead of the server's."),
            Field("mesh.mailbox", "The mailbox."),
            Field("certificate.expires_in_days", .number, "How many days our certificate for MESH still holds."),
            Field("messages.waiting", .number, "About how many messages are in the inbox."),
            Field("credential", "What storage is used with."),
            Field("credential.end", "Until when a shared access signature holds, as it says."),
            Field("credential.expires_in_s", .number, "How many seconds the token still holds."),
            Field("blob.container", "The container."),
            Field("setting", "The setting to look at first."),
            Field("problem", "What is wrong with it, and the way out. Never holds a secret's value."),
            Field("messages.done", .number, "Messages that came to an end so far, one way or another."),
            Field("messages.known", .number, "Messages that are known of: listed, or counted by MESH."),
            Field("messages_per_s", .number, "The rate of the last minutes."),
            Field("bytes_per_s", .number, "The rate of the last minutes, of content that came from MESH."),
            Field("log.lost_lines", .number, "How many lines were not written."),
        ] + summary

    private static let summary: [Field] =
        [
            Field(
                "outcome",
                RunSummary.Outcome.allCases.map(\.rawValue).joined(separator: ", ")
                    + "; of a check ok. failed where the settings were not usable."
            ),
            Field("process.exit.code", .number, "The exit status."),
            Field("duration_s", .number, "Seconds since the start of the program."),
            Field("messages.listed", .number, "Messages that this run found in the inbox."),
            Field(
                "messages.stored",
                .number,
                "Messages that it stored and acknowledged, those in quarantine included."
            ),
            Field(
                "messages.acknowledged",
                .number,
                "Messages that it acknowledged: the stored ones, and those that an earlier run had stored."
            ),
            Field(
                "messages.skipped",
                .number,
                "Malformed messages, and reports with REPORTS=leave: they stay in the inbox."
            ),
            Field("messages.failed", .number, "Messages that could not be moved: they stay in the inbox."),
            Field("messages.quarantined", .number, "Malformed messages that were stored under quarantine/, if any."),
            Field(
                "messages.gone",
                .number,
                "Messages that an earlier run had planned and that MESH no longer lists, if any."
            ),
            Field("messages.unstarted", .number, "Messages that were listed and not begun, if any."),
            Field("messages.reports", .number, "Reports about undelivered messages among the stored ones, if any."),
            Field(
                "inbox.remaining",
                .number,
                "Messages that are left in the inbox. Absent where it could not be listed; about right where the run ended early."
            ),
            Field(
                "inbox.oldest_waiting",
                "When the oldest of them came in, where its id tells (those of the live MESH do). MESH keeps a message for 5 days."
            ),
            Field("inbox.oldest_waiting_age_s", .number, "The same as an age, in seconds."),
            Field(
                "bytes",
                .number,
                "Bytes of content that were stored; in a dry run and in progress records, that came."
            ),
            Field("requests", .number, "HTTP requests to MESH and storage together."),
            Field("retries", .number, "Tries that were not the first of their operation."),
            Field(
                "problems",
                .texts,
                "The first five messages that were not moved or are in quarantine: `id: error.type: reason`. With unusable settings, the problems."
            ),
            Field("problem_counts", .texts, "How many messages met which `error.type`, the most frequent first."),
        ]
        + Phase.allCases.map { phase in
            Field(
                phase.summaryField,
                .number,
                "Seconds of the phase `\(phase.rawValue)`, those of all messages together: messages in flight at the same time add up."
            )
        }

    /// Every sentence of a line.
    static let sentences = Set(LogSentence.all.map(\.text))
    /// Every name of a field.
    static let names = Set((common + failure + special).map(\.name))

    /// The part of the document that is generated.
    static var markdown: String {
        """
        ## On every line

        \(table(common))
        ## Lines

        | level | `msg` | meaning | fields of its own |
        |---|---|---|---|
        \(LogSentence.all.map(row).joined())
        *failure* stands for the fields of a failure.

        ## Fields of a failure

        \(table(failure))
        ## Other fields

        \(table(special))
        """
    }

    private static func row(_ sentence: LogSentence) -> String {
        let level = sentence.text == LogSentence.runFinished.text ? "any" : "\(sentence.level.logName)"
        let names = sentence.fields.map { "`\($0)`" } + (sentence.showsFailure ? ["*failure*"] : [])
        return "| \(level) | \(sentence.text) | \(sentence.meaning) | \(names.joined(separator: ", ")) |\n"
    }

    private static func table(_ fields: [Field]) -> String {
        "| field | type | meaning |\n|---|---|---|\n"
            + fields.map { "| `\($0.name)` | \($0.kind.rawValue) | \($0.meaning) |\n" }.joined()
    }
}

extension LogReference.Field {
    fileprivate init(_ name: String, _ meaning: String) {
        self.init(name, .text, meaning)
    }
}
