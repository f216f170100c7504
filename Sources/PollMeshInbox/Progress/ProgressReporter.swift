import Glibc
import Logging
import Transfer

/// Says how far a run has come, while it moves messages: on a terminal by a line that changes, else by a record now and then.
struct ProgressReporter: Sendable {
    static let recordInterval = Duration.seconds(30)
    static let lineInterval = Duration.milliseconds(500)

    let ledger: RunLedger
    let meter: RunMeter
    let log: RunLog
    let surroundings: Surroundings
    /// Whether there is a terminal whose last line is ours.
    let showsLine: Bool
    /// The columns of the terminal.
    var width: @Sendable () -> Int = terminalWidth

    /// Reports until the task is cancelled.
    /// - Parameter shown: gives something when there are messages to move: before that no timer is set.
    func run(after shown: AsyncStream<Void>) async {
        var isShown = false
        for await _ in shown {
            isShown = true
            break
        }
        guard isShown else { return }
        var rate = ProgressRate()
        rate.add(sample)
        if showsLine {
            await showLine(&rate)
        } else {
            await writeRecords(&rate)
        }
    }

    private func showLine(_ rate: inout ProgressRate) async {
        let writer = log.stream.writer
        defer { writer.setStatus("") }
        repeat {
            rate.add(sample)
            writer.setStatus(ProgressLine.text(rate, width: width()))
        } while await pause(Self.lineInterval)
    }

    private func writeRecords(_ rate: inout ProgressRate) async {
        while await pause(Self.recordInterval) {
            let sample = sample
            rate.add(sample)
            log.write(
                .progress,
                [
                    "messages.done": .stringConvertible(sample.done),
                    "messages.known": .stringConvertible(sample.known),
                    "messages_per_s": .stringConvertible(rounded(rate.messagesPerSecond)),
                    "bytes": .stringConvertible(sample.bytes),
                    "bytes_per_s": .stringConvertible(Int(rate.bytesPerSecond)),
                    "duration_s": .stringConvertible(sample.time),
                ]
            )
        }
    }

    /// - Returns: false when there is nothing more to report.
    private func pause(_ duration: Duration) async -> Bool {
        do {
            try await surroundings.sleep(duration)
        } catch {
            return false
        }
        return !Task.isCancelled
    }

    private var sample: ProgressSample {
        let progress = ledger.progress
        return ProgressSample(
            time: surroundings.uptime(),
            done: progress.done,
            known: progress.known,
            bytes: meter.receivedBytes
        )
    }

    private func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }

    @Sendable private static func terminalWidth() -> Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
