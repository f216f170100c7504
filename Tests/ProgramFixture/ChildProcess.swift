import Foundation
import Synchronization

/// A process that was started with exactly the given arguments and environment: it can be signalled, and is watched until
/// it ends.
///
/// It has a process group of its own, an empty stdin, and files for its output.
package final class ChildProcess: Sendable {
    /// How a process ended.
    package struct Ending: Sendable, Equatable {
        /// The exit status; nil when a signal ended the process.
        package var status: Int32?
        /// The signal that ended it, SIGKILL where the time limit did.
        package var signal: Int32?
        package var hitTimeLimit = false
        /// The most memory that was resident at any time, in bytes, but for its last 50 ms. (What the kernel says of the dead
        /// counts the parent's memory at the time of the start, too.)
        package var peakMemory = 0
    }

    private enum State {
        case running(waiting: [CheckedContinuation<Ending, Never>])
        case ended(Ending)
    }

    package let id: Int32
    private let state = Mutex(State.running(waiting: []))

    /// Starts a program, found in PATH.
    /// - Parameter limit: after this, the whole group is killed.
    /// - Throws: ``CannotStart``.
    package init(
        _ arguments: [String],
        environment: [String: String],
        output: String,
        errorOutput: String,
        limit: Duration = .seconds(120)
    ) throws {
        let alive: Int32
        (id, alive) = try Self.starting.withLock { _ in
            try Self.start(arguments, environment, output, errorOutput)
        }
        Thread.detachNewThread { self.watch(alive, limit) }
    }

    /// Runs a program, found in PATH, to its end.
    /// - Parameter limit: after this, the whole group is killed.
    /// - Throws: ``CannotStart``.
    package static func run(
        _ arguments: [String],
        environment: [String: String],
        output: String,
        errorOutput: String,
        limit: Duration = .seconds(120)
    ) async throws -> Ending {
        try await ChildProcess(
            arguments,
            environment: environment,
            output: output,
            errorOutput: errorOutput,
            limit: limit
        ).ending
    }

    /// Sends a signal to the process alone, unless it has ended.
    package func signal(_ number: Int32) {
        state.withLock { state in
            // Until it is noted as ended its number belongs to nobody else.
            if case .running = state { _ = kill(id, number) }
        }
    }

    /// Waits for its end.
    package var ending: Ending {
        get async {
            await withCheckedContinuation { continuation in
                let ending = state.withLock { state -> Ending? in
                    switch state {
                    case .ended(let ending): return ending
                    case .running(let waiting):
                        state = .running(waiting: waiting + [continuation])
                        return nil
                    }
                }
                if let ending { continuation.resume(returning: ending) }
            }
        }
    }

    package var isRunning: Bool {
        state.withLock { if case .running = $0 { true } else { false } }
    }

    /// Does blocking work on a thread of its own: the pool that runs tests must not be blocked.
    package static func onThread<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result(catching: work)) }
        }
    }

    private func watch(_ alive: Int32, _ limit: Duration) {
        let end = ContinuousClock.now + limit
        var peakMemory = 0
        while !Self.waitForEnd(alive, min(end - .now, .milliseconds(50))), ContinuousClock.now < end {
            peakMemory = max(peakMemory, residentPeak)
        }
        let hitTimeLimit = ContinuousClock.now >= end
        close(alive)
        if hitTimeLimit { kill(-id, SIGKILL) }
        // The process is dead and stays a zombie until it is noted as ended.
        var information = siginfo_t()
        while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        let (ending, waiting) = state.withLock { state -> (Ending, [CheckedContinuation<Ending, Never>]) in
            var status: Int32 = 0
            while waitpid(id, &status, 0) < 0, errno == EINTR {}
            let signal = status & 0x7f
            let ending = Ending(
                status: signal == 0 ? status >> 8 & 0xff : nil,
                signal: signal == 0 ? nil : signal,
                hitTimeLimit: hitTimeLimit,
                peakMemory: peakMemory
            )
            guard case .running(let waiting) = state else { return (ending, []) }
            state = .ended(ending)
            return (ending, waiting)
        }
        for continuation in waiting { continuation.resume(returning: ending) }
    }

    /// The high-water mark of its memory, which only grows; 0 once it has ended.
    private var residentPeak: Int {
        let status = FileManager.default.contents(atPath: "/proc/\(id)/status") ?? Data()
        let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) << 10
    }

    /// One start at a time: a child must not inherit the pipe of another one.
    private static let starting = Mutex(())

    /// - Returns: the process, and a pipe that is at its end when the process is.
    private static func start(
        _ arguments: [String],
        _ environment: [String: String],
        _ output: String,
        _ errorOutput: String
    ) throws -> (process: pid_t, alive: Int32) {
        var pipes: [Int32] = [-1, -1]
        guard pipe(&pipes) == 0 else { throw CannotStart(program: "a pipe", code: errno) }
        defer { close(pipes[1]) }
        for end in pipes { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        do {
            return (try spawn(arguments, environment, output, errorOutput, alive: pipes[1]), pipes[0])
        } catch {
            close(pipes[0])
            throw error
        }
    }

    private static func spawn(
        _ arguments: [String],
        _ environment: [String: String],
        _ output: String,
        _ errorOutput: String,
        alive: Int32
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let writing = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, writing, 0o600)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errorOutput, writing, 0o600)
        posix_spawn_file_actions_adddup2(&actions, alive, 3)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        // Threads of tests block signals, which a process would inherit.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)

        var process: pid_t = 0
        let code = withCStrings(arguments) { arguments in
            withCStrings(environment.map { "\($0)=\($1)" }) { environment in
                posix_spawnp(&process, arguments[0]!, &actions, &attributes, arguments, environment)
            }
        }
        guard code == 0 else { throw CannotStart(program: arguments[0], code: code) }
        return process
    }

    /// - Returns: false when the limit came first.
    private static func waitForEnd(_ descriptor: Int32, _ limit: Duration) -> Bool {
        let end = ContinuousClock.now + limit
        while true {
            let left = (end - .now) / .milliseconds(1)
            var descriptors = [pollfd(fd: descriptor, events: 0, revents: 0)]
            let count = poll(&descriptors, 1, Int32(max(0, left)))
            if count > 0 { return true }
            if count == 0, left <= 0 { return false }
        }
    }

    private static func withCStrings<Result>(
        _ strings: [String],
        _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
    }
}

/// A program could not be started.
package struct CannotStart: Error, CustomStringConvertible {
    let program: String
    let code: Int32

    package var description: String { "\(program) could not be started: \(String(cString: strerror(code)))" }
}
