import Logging
import ProgramFixture
import Synchronization
import Testing
import Transfer

@testable import PollMeshInbox

@Suite struct ProgressTests {
    private func rate(_ samples: [(seconds: Int, done: Int, bytes: UInt64)], known: Int = 10_000) -> ProgressRate {
        var rate = ProgressRate()
        for sample in samples {
            rate.add(
                ProgressSample(time: .seconds(sample.seconds), done: sample.done, known: known, bytes: sample.bytes)
            )
        }
        return rate
    }

    @Test func theLineTellsWhatIsDoneHowFastAndWhatIsLeft() {
        let rate = rate([(0, 1_000, 0), (10, 3_000, 50 << 20)])
        #expect(
            ProgressLine.text(rate, width: 200)
                == "3,000 of 10,000 messages, 50.0 MiB, 200 messages/s, 5.0 MiB/s, about 35 s left"
        )
    }

    @Test func itIsNeverAsWideAsTheTerminal() {
        let rate = rate([(0, 1_000, 0), (10, 3_000, 50 << 20)])
        for width in 0...90 { #expect(ProgressLine.text(rate, width: width).count < max(1, width)) }
    }

    @Test func withoutARateItTellsTheNumberThatIsLeft() {
        #expect(
            ProgressLine.text(rate([(5, 7, 100)], known: 9), width: 99)
                == "7 of 9 messages, 100 B, 0 messages/s, 0 B/s, 2 left"
        )
        #expect(
            ProgressLine.text(rate([(5, 9, 2_048)], known: 9), width: 99)
                == "9 of 9 messages, 2.0 KiB, 0 messages/s, 0 B/s"
        )
        #expect(ProgressLine.text(ProgressRate(), width: 99) == "")
    }

    @Test func theRateIsThatOfTheLastSamples() {
        let slow = (0..<20).map { (seconds: $0, done: $0, bytes: UInt64(0)) }
        let fast = (20..<30).map { (seconds: $0, done: 20 + ($0 - 20) * 100, bytes: UInt64(0)) }
        #expect(rate(slow + fast).messagesPerSecond == 100)
    }

    @Test(arguments: [
        (0.2, "1 s"), (59, "59 s"), (61, "2 min"), (3_599, "60 min"), (5_400, "1.5 h"), (1e9, "days"),
    ])
    func timesAreRoundedUp(seconds: Double, text: String) {
        #expect(ProgressLine.duration(seconds) == text)
    }

    @Test(arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")])
    func numbersAreGrouped(number: Int, text: String) {
        #expect(ProgressLine.grouped(number) == text)
    }

    /// A reporter whose pauses end at once, until there were some of them.
    private func report(pauses: Int, showsLine: Bool, isShown: Bool) async -> OutputFile {
        let output = OutputFile()
        let stream = LogStream(
            format: .json,
            redactor: Redactor(),
            writer: LineWriter(descriptor: output.descriptor),
            now: { LogFormatTests.time }
        )
        let state = Mutex<[Duration]>([])
        let surroundings = Surroundings(
            now: { 0 },
            uptime: { state.withLock { $0.reduce(.zero, +) } },
            sleep: { duration in
                try state.withLock { slept in
                    if slept.count == pauses { throw CancellationError() }
                    slept.append(duration)
                }
            },
            random: { 0 }
        )
        let reporter = ProgressReporter(
            ledger: RunLedger(),
            meter: RunMeter(uptime: surroundings.uptime),
            log: RunLog(runID: "run-1", logger: stream.logger(level: .info), stream: stream),
            surroundings: surroundings,
            showsLine: showsLine,
            width: { 100 }
        )
        let (shown, show) = AsyncStream.makeStream(of: Void.self)
        if isShown { show.yield() }
        show.finish()
        await reporter.run(after: shown)
        return output
    }

    @Test func aRecordComesEvery30Seconds() async throws {
        let lines = await report(pauses: 3, showsLine: false, isShown: true).lines
        #expect(lines.count == 3)
        let record = try JSONLine(lines[1])
        #expect(record["msg"] == "progress")
        #expect(record[number: "duration_s"] == 60)
        #expect(record[number: "messages.done"] == 0)
    }

    @Test func aLineIsTakenAwayInTheEnd() async {
        let text = await report(pauses: 3, showsLine: true, isShown: true).text
        #expect(text.contains("\r\u{1b}[K0 of 0 messages"))
        #expect(text.hasSuffix("\r\u{1b}[K"))
        #expect(!text.contains("\n"))
    }

    @Test(arguments: [true, false]) func anEmptyInboxHasNoProgress(showsLine: Bool) async {
        #expect(await report(pauses: 3, showsLine: showsLine, isShown: false).bytes.isEmpty)
    }

    @Test func aStatusStaysBelowTheLines() {
        let output = OutputFile()
        let writer = LineWriter(descriptor: output.descriptor)
        writer.write(Array("a\n".utf8))
        writer.setStatus("1 of 2")
        writer.setStatus("1 of 2")
        writer.write(Array("b\n".utf8))
        writer.setStatus("")
        writer.write(Array("c\n".utf8))
        let erase = "\r\u{1b}[K"
        #expect(output.text == "a\n\(erase)1 of 2\(erase)b\n1 of 2\(erase)c\n")
    }
}
