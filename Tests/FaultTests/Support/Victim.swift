import Glibc
import ProgramFixture
import Synchronization
import TestServers

/// A process that a server signals in the middle of a request, counted over both servers.
final class Victim: Sendable {
    /// When the signal comes.
    enum Moment: String, Sendable, CaseIterable {
        /// The request was read and is not handled.
        case beforeHandling
        /// The request took effect and is not answered.
        case afterHandling
    }

    private let requests = Atomic(0)
    private let process = Mutex<ChildProcess?>(nil)
    private let isKnown = Gate()

    var requestCount: Int { requests.load(ordering: .relaxed) }

    func isProcess(_ process: ChildProcess) {
        self.process.withLock { $0 = process }
        isKnown.open()
    }

    /// Kills the process at its n-th request.
    func kill(at number: Int, _ moment: Moment) -> HTTPServer.FaultHook {
        { [self] _ in
            guard requests.wrappingAdd(1, ordering: .relaxed).newValue == number else { return nil }
            switch moment {
            case .beforeHandling: return .before { await self.kill() }.and(.closeBeforeHandling)
            case .afterHandling: return .after { await self.kill() }.and(.closeAfterHandling)
            }
        }
    }

    /// Sends a signal at the n-th request, which goes on when the program has noticed it.
    /// - Parameter hasNoticed: asked again and again, though not for long: a program at its very end takes no notice.
    func signal(_ signal: Int32, at number: Int, hasNoticed: @escaping @Sendable () -> Bool) -> HTTPServer.FaultHook {
        { [self] _ in
            guard requests.wrappingAdd(1, ordering: .relaxed).newValue == number else { return nil }
            return .before {
                await self.isKnown.wait()
                self.process.withLock { $0 }?.signal(signal)
                let limit = ContinuousClock.now + .seconds(1)
                while !hasNoticed(), ContinuousClock.now < limit { try? await Task.sleep(for: .milliseconds(2)) }
            }
        }
    }

    private func kill() async {
        await isKnown.wait()
        let process = process.withLock { $0 }
        process?.signal(SIGKILL)
        _ = await process?.ending
    }
}
