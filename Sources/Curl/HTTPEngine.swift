import CCurl
import Glibc
import Synchronization

/// One thread that drives every transfer of the process through libcurl's multi interface.
///
/// Tasks talk to it in commands; it answers through the exchanges. The thread starts with the first request.
package final class HTTPEngine: Sendable {
    enum Command: Sendable {
        case start(ExchangeCore, OutgoingRequest)
        case resume(ExchangeCore)
        case cancel(ExchangeCore)
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

    func submit(_ command: Command) {
        mailbox.post(command)
    }
}

/// Commands on their way to the loop thread.
final class EngineMailbox: Sendable {
    private struct State {
        var commands: [HTTPEngine.Command] = []
        /// The multi handle, while its thread runs; only `curl_multi_wakeup` is called on it from here.
        var multi: OpaquePointerBox?
        var isPolling = false
    }

    private let state = Mutex(State())

    func post(_ command: HTTPEngine.Command) {
        let mustStart = state.withLock { state in
            if case .stop = command, state.multi == nil { return false }
            state.commands.append(command)
            guard let multi = state.multi else {
                state.multi = EngineLoop.makeMulti()
                return true
            }
            if state.isPolling {
                state.isPolling = false
                curl_multi_wakeup(multi.pointer)
            }
            return false
        }
        if mustStart {
            let multi = state.withLock { $0.multi! }
            EngineLoop.startThread(mailbox: self, multi: multi)
        }
    }

    /// All commands that came since the last call.
    func take() -> [HTTPEngine.Command] {
        state.withLock { state in
            state.isPolling = false
            defer { state.commands.removeAll(keepingCapacity: true) }
            return state.commands
        }
    }

    /// Announces that the loop goes to sleep; false if there is something to do first.
    func mayPoll() -> Bool {
        state.withLock { state in
            state.isPolling = state.commands.isEmpty
            return state.isPolling
        }
    }

    /// Forgets the multi handle, which the loop is about to free, and returns what came too late.
    func close() -> [HTTPEngine.Command] {
        state.withLock { state in
            state.multi = nil
            defer { state.commands = [] }
            return state.commands
        }
    }
}

/// A C handle on its way between threads. Safe to send: the loop thread alone uses it, but for `curl_multi_wakeup`,
/// which libcurl allows from any thread and which happens under the mailbox's lock while the handle lives.
struct OpaquePointerBox: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
}
