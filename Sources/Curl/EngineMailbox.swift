import CCurl
import Synchronization

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
        let started = state.withLock { state -> OpaquePointerBox? in
            if case .stop = command, state.multi == nil { return nil }
            state.commands.append(command)
            guard let multi = state.multi else {
                state.multi = EngineLoop.makeMulti()
                return state.multi
            }
            if state.isPolling {
                state.isPolling = false
                curl_multi_wakeup(multi.pointer)
            }
            return nil
        }
        if let started {
            EngineLoop.startThread(mailbox: self, multi: started)
        }
    }

    /// Runs the loop on this thread until it is stopped.
    /// - Parameter begin: posts the first command.
    func runHere(_ begin: () -> Void) {
        let multi = EngineLoop.makeMulti()
        state.withLock { $0.multi = multi }
        begin()
        EngineLoop(mailbox: self, multi: multi.pointer).run()
    }

    /// Exchanges the commands that came since the last call for an empty list, whose room is used again.
    func take(_ commands: inout [HTTPEngine.Command]) {
        state.withLock { state in
            state.isPolling = false
            swap(&state.commands, &commands)
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
