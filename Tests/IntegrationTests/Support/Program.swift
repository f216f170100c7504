import Foundation
import ProgramFixture
import Testing

import struct ProgramFixture.LogReference

/// The built program, run as an operator runs it, in an environment that holds nothing but its settings.
///
/// Whatever a test is about, each run is checked for what holds of every run: it ends within its time limit and by
/// itself, every line of a job's log is JSON and as docs/log-reference.md has it, its last line is the summary, the
/// termination message says the same, and no secret appears anywhere (promise P6).
struct Program {
    /// What the process is started through, such as `unshare`, before the path of the program.
    var launcher: [String] = []
    var path: String
    /// Where the termination message is expected, as the program sees it.
    var terminationPath: String?

    init(_ path: String? = nil) throws {
        self.path = try path ?? Place.binary()
    }

    /// Starts the program through a shell that does something before, in a mount namespace of its own.
    /// - Parameter script: goes on with `exec "$@"`.
    func inNamespace(_ script: String) -> Program {
        var program = self
        program.launcher = ["/usr/bin/unshare", "--mount", "/bin/sh", "-c", script, "sh"]
        return program
    }

    /// A job: a poll, or a check.
    /// - Parameter started: told of the process.
    func job(
        _ arguments: [String] = [],
        _ settings: [String: String],
        limit: Duration = .seconds(120),
        started: @Sendable (ChildProcess) -> Void = { _ in },
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JobRun {
        let folder = TemporaryFolder()
        var settings = settings
        if terminationPath == nil { settings["TERMINATION_MESSAGE_PATH"] = folder.file("termination") }
        let run = try await command(
            arguments,
            settings,
            limit: limit,
            started: started,
            sourceLocation: sourceLocation
        )
        if run.hitTimeLimit { throw Missing("It has no summary: it was killed.") }
        let lines = try run.output.split(separator: "\n").map { line in
            try #require(
                try? JSONLine(String(line)),
                "a line of the log is not JSON: \(line)",
                sourceLocation: sourceLocation
            )
        }
        for line in lines {
            let complaints = LogReference.shared.complaints(about: line.source)
            #expect(complaints == [], sourceLocation: sourceLocation)
        }
        #expect(Set(lines.map { $0["run.id"] }).count == 1, sourceLocation: sourceLocation)
        let summary = try #require(lines.last, "the log is empty\n\(run.errorOutput)", sourceLocation: sourceLocation)
        #expect(run.output.hasSuffix("\n"), sourceLocation: sourceLocation)
        let last = arguments.contains("check") ? "check finished" : "run finished"
        #expect(summary.sentence == last, sourceLocation: sourceLocation)
        #expect(lines.count { $0.sentence == last } == 1, sourceLocation: sourceLocation)
        #expect(summary[number: "process.exit.code"] == run.status.map(Int.init), sourceLocation: sourceLocation)
        #expect(run.errorOutput == "", sourceLocation: sourceLocation)
        if terminationPath == nil {
            let message = folder.text(of: "termination") ?? ""
            #expect(message.utf8.count < 4096, sourceLocation: sourceLocation)
            #expect(try JSONLine(message) == summary, sourceLocation: sourceLocation)
            #expect(Secrets(of: settings).found(in: message) == [], sourceLocation: sourceLocation)
        }
        return JobRun(status: run.status ?? -1, lines: lines, summary: summary)
    }

    /// Anything: a command that prints, or a job without the checks of its log.
    func command(
        _ arguments: [String],
        _ settings: [String: String] = [:],
        limit: Duration = .seconds(120),
        started: @Sendable (ChildProcess) -> Void = { _ in },
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> CommandRun {
        let folder = TemporaryFolder()
        let process = try ChildProcess(
            launcher + [path] + arguments,
            environment: settings,
            output: folder.file("stdout"),
            errorOutput: folder.file("stderr"),
            limit: limit
        )
        started(process)
        let ending = await process.ending
        let run = CommandRun(
            status: ending.status,
            hitTimeLimit: ending.hitTimeLimit,
            output: folder.text(of: "stdout") ?? "",
            errorOutput: folder.text(of: "stderr") ?? ""
        )
        let said = run.output + run.errorOutput
        #expect(!ending.hitTimeLimit, "it was still running after \(limit)\n\(said)", sourceLocation: sourceLocation)
        #expect(
            ending.signal == nil || ending.hitTimeLimit,
            "signal \(ending.signal ?? 0) ended it\n\(said)",
            sourceLocation: sourceLocation
        )
        for trace in ["Fatal error", "Stack trace", "Program crashed"] {
            #expect(!said.contains(trace), "\(said)", sourceLocation: sourceLocation)
        }
        #expect(Secrets(of: settings).found(in: said) == [], sourceLocation: sourceLocation)
        return run
    }
}

/// What a process printed, and its exit status, nil where a signal ended it.
struct CommandRun: Sendable {
    var status: Int32?
    var hitTimeLimit: Bool
    var output: String
    var errorOutput: String
}
