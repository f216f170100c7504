import CCurl
import Glibc

/// One thread that drives every transfer of the process through libcurl's multi interface, and runs the tasks that prefer
/// it between two looks at the sockets, so that a request costs no change of threads.
///
/// Tasks talk to it in commands; it answers through the exchanges. Its thread starts with the first request or task, unless
/// it is the caller's own (``run(_:)``).
package final class HTTPEngine: Sendable {
    enum Command: Sendable {
        case start(ExchangeCore, OutgoingRequest)
        case resume(ExchangeCore)
        case cancel(ExchangeCore)
        case job(UnownedJob, UnownedTaskExecutor)
        case wake(Timer)
        case stop
    }

    private let mailbox: EngineMailbox

    package init() {
        mailbox = EngineMailbox()
    }

    deinit {
        mailbox.post(.stop)
    }

    /// The version of the libcurl that is linked, and of what it is built on, as `curl --version` says it; then Swift's:
    /// the toolchain's where the build names it, or the runtime library's, which leaves out corrections.
    package static var libraryVersion: String {
        let swift = pmi_swift_toolchain_version().map { String(cString: $0) } ?? "\(_SwiftStdlibVersion.current)"
        return "\(String(cString: curl_version())) Swift/\(swift)"
    }

    /// Does the work on this thread, with an engine that runs on it too, and returns when the work is done.
    package static func run<Result: Sendable>(_ work: @escaping @Sendable (HTTPEngine) async -> Result) -> Result {
        let engine = HTTPEngine()
        let result = Outcome<Result>()
        engine.mailbox.runHere {
            Task(executorPreference: engine) {
                result.value = await work(engine)
                engine.submit(.stop)
            }
        }
        return result.value!
    }

    func submit(_ command: Command) {
        mailbox.post(command)
    }
}

/// Where a task leaves what it found. Safe to share: written on the engine's thread, and read there after its loop's end.
private final class Outcome<Value>: @unchecked Sendable {
    var value: Value?
}

extension HTTPEngine: TaskExecutor {
    package func enqueue(_ job: consuming ExecutorJob) {
        mailbox.post(.job(UnownedJob(job), asUnownedTaskExecutor()))
    }
}

extension HTTPEngine {
    /// Returns after that time.
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    package func sleep(for duration: Duration) async throws {
        let timer = Timer(until: .now + duration)
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if timer.begin(continuation) {
                    submit(.wake(timer))
                } else {
                    continuation.resume()
                }
            }
        } onCancel: {
            timer.end()
        }
        try Task.checkCancellation()
    }
}
