import Digests
import Glibc
import Logging
import Transfer

/// The program: reads the command line and the settings, does what is asked, and says how it went.
package struct App: Sendable {
    /// Does a job. Everything that can go wrong becomes part of the outcome.
    package typealias Operation = @Sendable (Job, Settings, RunLog) -> RunOutcome

    /// Where the settings come from; read only for a job.
    package var sources: @Sendable () -> SettingSources
    /// The log and what was asked for.
    package var output: LineWriter
    /// What the command line gets wrong.
    package var errorOutput: LineWriter
    package var wallTime: @Sendable () -> WallTime
    /// Time since any moment, for durations.
    package var uptime: @Sendable () -> Duration
    /// A UUID for this run.
    package var makeRunID: @Sendable () -> String
    /// The versions of the libraries that are linked, one line; asked for only by `--version`.
    package var libraries: @Sendable () -> String
    /// Makes the process's environment what the settings say, for the libraries that read it.
    package var adoptEnvironment: @Sendable (Settings.Process) -> Void
    package var operation: Operation

    /// The program on the process's own environment, stdout and stderr.
    package init(
        libraries: @escaping @Sendable () -> String,
        operation: @escaping Operation
    ) {
        let start = ContinuousClock.now
        self.init(
            sources: SettingSources.process,
            output: LineWriter(descriptor: STDOUT_FILENO),
            errorOutput: LineWriter(descriptor: STDERR_FILENO),
            wallTime: WallTime.now,
            uptime: { start.duration(to: .now) },
            makeRunID: SecureRandom.uuid,
            libraries: libraries,
            adoptEnvironment: ProcessEnvironment.adopt,
            operation: operation
        )
    }

    package init(
        sources: @escaping @Sendable () -> SettingSources,
        output: LineWriter,
        errorOutput: LineWriter,
        wallTime: @escaping @Sendable () -> WallTime,
        uptime: @escaping @Sendable () -> Duration,
        makeRunID: @escaping @Sendable () -> String,
        libraries: @escaping @Sendable () -> String,
        adoptEnvironment: @escaping @Sendable (Settings.Process) -> Void,
        operation: @escaping Operation
    ) {
        self.sources = sources
        self.output = output
        self.errorOutput = errorOutput
        self.wallTime = wallTime
        self.uptime = uptime
        self.makeRunID = makeRunID
        self.libraries = libraries
        self.adoptEnvironment = adoptEnvironment
        self.operation = operation
    }

    /// Does what the arguments ask for.
    /// - Parameter arguments: without the program's name.
    package func run(_ arguments: [String]) -> ExitStatus {
        Signals.ignorePipe()
        Signals.ignoreFileSizeLimit()
        let libraries = arguments.contains("--version") ? self.libraries() : ""
        switch CommandLineReader.read(arguments, libraries: libraries) {
        case .answer(let text):
            return answer("\(text)\n")
        case .misuse(let text):
            errorOutput.write(Array("\(text)\n".utf8))
            errorOutput.flush(within: Self.patience)
            return .usage
        case .request(.listSettings(let format)):
            return answer(SettingsListing.render(as: format))
        case .request(.job(let job)):
            return perform(job)
        }
    }

    /// How long the end waits for whoever reads the log.
    private static let patience = Duration.seconds(1)

    /// Gives what was asked for, whole, to a reader who may take his time.
    private func answer(_ text: String) -> ExitStatus {
        output.write(Array(text.utf8), isLast: true)
        output.flush(within: nil)
        return .success
    }

    private func perform(_ job: Job) -> ExitStatus {
        let start = uptime()
        let report = SettingsLoader.load(sources())
        let runID = makeRunID()
        let stream = LogStream(
            format: report.process.logFormat,
            redactor: Redactor(report.secrets),
            writer: output,
            process: ProcessFields(runID: runID),
            now: wallTime
        )
        stream.tellLosses()
        let lastResort = LastResort { outcome, limit in
            finish(job, outcome, duration: uptime() - start, report.process.terminationMessage, stream, within: limit)
        }
        var outcome: RunOutcome
        if let settings = report.settings {
            let logger = stream.logger(level: settings.process.logLevel)
            log(report.warnings, to: logger)
            adoptEnvironment(settings.process)
            let log = RunLog(runID: runID, logger: logger, stream: stream, lastResort: lastResort)
            outcome = operation(job, settings, log)
            if let days = settings.mesh.client?.expiresInDays {
                outcome.fields["certificate.expires_in_days"] = .stringConvertible(days)
            }
        } else {
            outcome = explain(report, to: stream.logger(level: .info))
        }
        guard lastResort.claim(outcome.status) else {
            // The other thread is about to end the process.
            while true { pause() }
        }
        finish(
            job,
            outcome,
            duration: uptime() - start,
            report.process.terminationMessage,
            stream
        )
        return outcome.status
    }

    private func log(_ warnings: [SettingFinding], to logger: Logger) {
        for warning in warnings {
            logger.write(.settingDoubtful, warning.metadata)
        }
    }

    /// Logs every problem whatever the level: a log that doesn't say why nothing was done is no use.
    private func explain(_ report: SettingsReport, to logger: Logger) -> RunOutcome {
        log(report.warnings, to: logger)
        for problem in report.problems {
            var metadata = problem.metadata
            metadata["error.type"] = "settings"
            logger.write(.settingNotUsable, metadata)
        }
        let problems = report.problems.map { Logger.MetadataValue.string($0.description) }
        return RunOutcome(status: .settings, outcome: "failed", fields: ["problems": .array(problems)])
    }

    /// Writes the summary, whatever the level, to the log and for Kubernetes.
    /// - Parameter limit: how long that may take, where nothing else can be waited for any more.
    private func finish(
        _ job: Job,
        _ outcome: RunOutcome,
        duration: Duration,
        _ terminationMessage: TerminationMessage,
        _ stream: LogStream,
        within limit: Duration? = nil
    ) {
        var fields = outcome.fields
        fields["outcome"] = .string(outcome.outcome)
        fields["process.exit.code"] = .stringConvertible(outcome.status.rawValue)
        fields["duration_s"] = .stringConvertible(duration)
        let record = stream.record(outcome.level, job.lastSentence.text, fields)
        if let limit {
            stream.writeLast(record, within: limit / 3)
        } else {
            stream.writeLast(record)
        }
        terminationMessage.write(record, of: stream, within: limit.map { $0 / 3 } ?? Self.patience)
        output.flush(within: limit.map { $0 / 3 } ?? Self.patience)
    }
}

extension SettingFinding {
    fileprivate var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = ["setting": .string(setting), "problem": .string(description)]
        if let expiresInDays {
            metadata["certificate.expires_in_days"] = .stringConvertible(expiresInDays)
        }
        return metadata
    }
}
