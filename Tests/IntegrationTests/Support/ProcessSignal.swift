import ProgramFixture
import Synchronization
import TestServers

/// A signal to a process, which a server may send in the middle of a request: it waits until the process is known.
final class ProcessSignal: Sendable {
    private let process = Mutex<ChildProcess?>(nil)
    private let isKnown = Gate()
    private let sentAt = Mutex<ContinuousClock.Instant?>(nil)

    /// Tells it the process, once that has started.
    func isFor(_ process: ChildProcess) {
        self.process.withLock { $0 = process }
        isKnown.open()
    }

    /// Sends it, once.
    func send(_ signal: Int32) async {
        await isKnown.wait()
        let isFirst = sentAt.withLock { sentAt in
            defer { sentAt = sentAt ?? .now }
            return sentAt == nil
        }
        if isFirst { process.withLock { $0 }?.signal(signal) }
    }

    /// When it was sent, nil if never.
    var instant: ContinuousClock.Instant? { sentAt.withLock { $0 } }
}
