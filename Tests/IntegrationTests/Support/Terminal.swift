import Foundation
import ProgramFixture

/// A terminal that nobody sits at: one of tmux, on a server of its own.
struct Terminal {
    private let folder = TemporaryFolder()
    private let keeper: Keeper

    /// Ends the server with the last reference.
    private final class Keeper: Sendable {
        let socket: String

        init(socket: String) {
            self.socket = socket
        }

        deinit {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["tmux", "-S", socket, "kill-server"]
            process.standardError = FileHandle.nullDevice
            try? process.run()
            process.waitUntilExit()
        }
    }

    init(width: Int, height: Int) async throws {
        keeper = Keeper(socket: folder.file("socket"))
        _ = try await tmux(["new-session", "-d", "-x", "\(width)", "-y", "\(height)", "exec /bin/sh"])
    }

    /// Runs a program in it with these settings, and says in the end with which status it ended.
    func run(_ program: String, _ settings: [String: String]) async throws {
        let script = folder.file("run.sh")
        let assignments = settings.map { "\($0)='\($1)'" }.joined(separator: " ")
        let text = """
            clear
            env -i TERM="$TERM" TERMINATION_MESSAGE_PATH=/dev/null \(assignments) '\(program)'
            echo "ended with status $?"
            exec cat
            """
        try text.write(toFile: script, atomically: true, encoding: .utf8)
        _ = try await tmux(["send-keys", "exec sh \(script)", "Enter"])
    }

    /// What it shows, when that is as wanted; or what it shows in the end.
    func screen(_ isWanted: (String) -> Bool) async throws -> String {
        let end = ContinuousClock.now + .seconds(60)
        while true {
            let screen = try await tmux(["capture-pane", "-p"])
            if isWanted(screen) || ContinuousClock.now > end { return screen }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func tmux(_ arguments: [String]) async throws -> String {
        let output = TemporaryFolder()
        let ending = try await ChildProcess.run(
            // The server stays, and must not keep the descriptor by which the end of a process is seen.
            ["/bin/sh", "-c", "exec tmux \"$@\" 3>&-", "sh", "-S", keeper.socket, "-f", "/dev/null"] + arguments,
            environment: ["PATH": Place.variable("PATH") ?? "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TERM": "xterm"],
            output: output.file("stdout"),
            errorOutput: output.file("stderr"),
            limit: .seconds(60)
        )
        guard ending.status == 0 else { throw Missing("tmux failed: \(output.text(of: "stderr") ?? "")") }
        return output.text(of: "stdout") ?? ""
    }
}
