import Foundation
import Synchronization

/// A process that is started with exactly the given arguments and environment, and watched until it ends.
enum ChildProcess {
    /// How a process ended.
    struct Ending: Sendable {
        /// The exit status; nil when a signal ended the process.
        var status: Int32?
        /// The signal that ended it, SIGKILL where the time limit did.
        var signal: Int32?
        var hitTimeLimit = false
    }

    /// Runs a program to its end, in a process group of its own, its stdin empty, its output in files.
    /// - Parameter limit: after this, the whole group is killed.
    /// - Throws: ``CannotStart``.
    static func run(
        _ arguments: [String],
        environment: [String: String],
        output: String,
        errorOutput: String,
        limit: Duration
    ) async throws -> Ending {
        try await onThread {
            let (process, alive) = try starting.withLock { _ in
                try start(arguments, environment, output, errorOutput)
            }
            defer { close(alive) }
            let hitTimeLimit = !waitForEnd(alive, limit)
            if hitTimeLimit { kill(-process, SIGKILL) }
            var status: Int32 = 0
            while waitpid(process, &status, 0) < 0, errno == EINTR {}
            let signal = status & 0x7f
            return signal == 0
                ? Ending(status: status >> 8 & 0xff, hitTimeLimit: hitTimeLimit)
                : Ending(signal: signal, hitTimeLimit: hitTimeLimit)
        }
    }

    /// Does blocking work on a thread of its own: the pool that runs tests must not be blocked.
    static func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result(catching: work)) }
        }
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
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))

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
struct CannotStart: Error, CustomStringConvertible {
    let program: String
    let code: Int32

    var description: String { "\(program) could not be started: \(String(cString: strerror(code)))" }
}
