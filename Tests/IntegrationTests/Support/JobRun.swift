import ProgramFixture
import Testing

/// What a job said, and how it ended.
struct JobRun: Sendable {
    var status: Int32
    /// All lines of the log, the summary last.
    var lines: [JSONLine]
    var summary: JSONLine

    var outcome: String? { summary.outcome }

    /// The lines with a sentence.
    func lines(_ sentence: String) -> [JSONLine] {
        lines.filter { $0.sentence == sentence }
    }

    /// The audit trail: one line for each stored message.
    var stored: [JSONLine] { lines("message stored") }

    /// The names of the stored blobs by message id.
    var names: [String: String] {
        Dictionary(stored.map { ($0.messageID ?? "", $0["blob.name"] ?? "") }) { first, _ in first }
    }

    /// The lines above INFO that come before the summary: what an operator reads when a run went wrong.
    var complaints: [JSONLine] {
        lines.dropLast().filter { ["WARNING", "ERROR", "CRITICAL"].contains($0.level) }
    }

    /// Expects how the process ended, and tells what it said where it didn't.
    func expectStatus(_ expected: Int32, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(
            status == expected,
            "\((complaints + [summary]).map(\.source).joined(separator: "\n"))",
            sourceLocation: sourceLocation
        )
    }

    /// Expects exactly one line of level ERROR before the summary, whose explanation holds some words.
    func expectOneError(
        _ sentence: String,
        naming words: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let errors = complaints.filter { $0.level == "ERROR" }
        #expect(errors.map(\.sentence) == [sentence], "\(errors.map(\.source))", sourceLocation: sourceLocation)
        guard let error = errors.first else { return }
        for word in words {
            #expect(error.explanation.contains(word), "\(error.source)", sourceLocation: sourceLocation)
        }
    }
}
