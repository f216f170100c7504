import Logging
import ProgramFixture
import Synchronization
import Testing

@testable import PollMeshInbox

@Suite struct AppTests {
    /// An app on made-up sources whose job does what a test says, and what it wrote.
    private final class Run: Sendable {
        let output = OutputFile()
        let errorOutput = OutputFile()
        let jobs = Mutex<[Job]>([])
        let timeZones = Mutex<[String]>([])

        func callAsFunction(
            _ arguments: [String],
            _ environment: [String: String] = [:],
            operation: @escaping App.Operation = { _, _, _ in RunOutcome(status: .success, outcome: "moved") }
        ) -> PollMeshInbox.ExitStatus {
            let ticks = Mutex(Duration.zero)
            let app = App(
                sources: { SettingsFixture(environment).sources },
                output: LineWriter(descriptor: output.descriptor),
                errorOutput: LineWriter(descriptor: errorOutput.descriptor),
                wallTime: { LogFormatTests.time },
                uptime: {
                    ticks.withLock { now in
                        now += .milliseconds(1_500)
                        return now
                    }
                },
                makeRunID: { "run-1" },
                libraries: { "libcurl/1.2.3" },
                adoptEnvironment: { process in self.timeZones.withLock { $0.append(process.timeZone) } },
                operation: { job, settings, logger in
                    self.jobs.withLock { $0.append(job) }
                    return operation(job, settings, logger)
                }
            )
            return app.run(arguments)
        }

        var last: JSONLine {
            get throws { try JSONLine(#require(output.lines.last)) }
        }
    }

    @Test(arguments: [
        ([], Job.poll(dryRun: false)), (["--dry-run"], Job.poll(dryRun: true)), (["check"], Job.check),
    ])
    func aJobIsDoneOnceAndItsOutcomeIsTheLastLine(arguments: [String], job: Job) throws {
        let run = Run()
        let status = run(arguments, ["MESH_AUTHENTICATION": "none", "LOG_LEVEL": "critical"]) {
            _,
            settings,
            log in
            log.logger.info("not to be seen")
            return RunOutcome(
                status: .someFailed,
                outcome: "partial",
                fields: ["messages.failed": .stringConvertible(settings.transfer.concurrency)]
            )
        }
        #expect(status == .someFailed)
        #expect(run.jobs.withLock { $0 } == [job])
        #expect(run.output.lines.count == 1)
        let last = try run.last
        #expect(last["msg"] == (job == .check ? "check finished" : "run finished"))
        #expect(last["level"] == "ERROR")
        #expect(last["outcome"] == "partial")
        #expect(last["run.id"] == "run-1")
        #expect(last[number: "process.exit.code"] == 75)
        #expect(last[number: "messages.failed"] == 16)
        #expect(last[double: "duration_s"] == 1.5)
        #expect(run.errorOutput.bytes.isEmpty)
    }

    @Test func unusableSettingsEndTheRunBeforeItStartsWithALineForEach() throws {
        let run = Run()
        let environment = ["CONCURRENCY": "abc", "MESH_PASSWORD": "hushhush", "LOG_LEVEL": "critical"]
        #expect(run([], environment) == .settings)
        #expect(run.jobs.withLock { $0.isEmpty })
        let lines = try run.output.lines.map { try JSONLine($0) }
        #expect(lines.map { $0["level"] } == ["ERROR", "ERROR", "ERROR"])
        #expect(lines.map { $0["setting"] } == ["MESH_SHARED_KEY", "CONCURRENCY", nil])
        #expect(lines[1]["problem"]?.contains("from 1 to 1024") == true)
        #expect(lines[2]["msg"] == "run finished")
        #expect(lines[2]["outcome"] == "failed")
        #expect(lines[2][number: "process.exit.code"] == 78)
        #expect(lines[2][list: "problems"]?.count == 2)
        #expect(!run.output.text.contains("hushhush"))
    }

    @Test func theEnvironmentIsAdoptedForAJobWhoseSettingsAreUsableOnly() {
        let run = Run()
        _ = run([], ["TZ": "EST5"])
        _ = run([], ["TZ": "EST5", "CONCURRENCY": "abc"])
        _ = run(["settings"], ["TZ": "EST5"])
        #expect(run.timeZones.withLock { $0 } == ["EST5"])
    }

    @Test func doubtsAreLoggedBeforeTheJobStarts() throws {
        let run = Run()
        #expect(run([]) == .success)
        let first = try JSONLine(run.output.lines[0])
        #expect(first["level"] == "WARNING")
        #expect(first["setting"] == "MESH_AUTHENTICATION")
        #expect(try run.last["level"] == "INFO")
    }

    @Test func secretsThatReachTheLogOrTheSummaryAreReplaced() {
        let run = Run()
        let environment = ["MESH_PASSWORD": "hushhush", "MESH_SHARED_KEY": "quietquiet"]
        _ = run([], environment) { _, settings, log in
            guard case .hmac(let password, let key) = settings.mesh.authentication else { preconditionFailure() }
            log.logger.info("x", metadata: ["leak": "\(password.exposed)"])
            return RunOutcome(status: .bug, outcome: "failed", fields: ["leak": "\(key.exposed)"])
        }
        #expect(!run.output.text.contains("hush"))
        #expect(!run.output.text.contains("quiet"))
        #expect(run.output.text.contains("***"))
    }

    @Test func misuseGoesToTheErrorOutput() {
        let run = Run()
        #expect(run(["chekc"]) == .usage)
        #expect(run.errorOutput.text.contains("chekc"))
        #expect(run.output.bytes.isEmpty)
    }

    @Test(arguments: [["--help"], ["--version"], ["settings"], ["settings", "--format", "json"]])
    func answersNeedNoSettings(arguments: [String]) {
        let run = Run()
        #expect(run(arguments, ["STORAGE_DIRECTORY": "", "CONCURRENCY": "abc"]) == .success)
        #expect(run.output.text.hasSuffix("\n"))
        #expect(run.output.text.contains("libcurl/1.2.3") == (arguments == ["--version"]))
        #expect(run.errorOutput.bytes.isEmpty)
        #expect(run.jobs.withLock { $0.isEmpty })
    }

    @Test func statusesAreThoseOfTheContract() {
        #expect(PollMeshInbox.ExitStatus.allCases.map(\.rawValue) == [0, 64, 65, 69, 70, 75, 77, 78, 143])
    }
}
