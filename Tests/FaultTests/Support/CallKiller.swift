import Foundation
import ProgramFixture

/// A library that goes in front of libc in the program, counts the calls that change files, and kills at one of them.
final class CallKiller: Sendable {
    private let folder = TemporaryFolder()
    private let library: String

    /// Compiles it, with the compiler that Swift brings along.
    init() async throws {
        library = folder.file("kill_at_call.so")
        let source = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "kill_at_call.c").path()
        let compiler = try ChildProcess(
            ["clang", "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o", library, source],
            environment: ["PATH": Place.variable("PATH") ?? "/usr/bin:/bin"],
            output: folder.file("stdout"),
            errorOutput: folder.file("stderr")
        )
        guard await compiler.ending.status == 0 else {
            throw Missing("clang does not compile \(source): \(folder.text(of: "stderr") ?? "")")
        }
    }

    /// What makes the program kill itself.
    /// - Parameters:
    ///   - number: of the call, from 1.
    ///   - isAfter: whether the call has taken effect.
    func settings(call number: Int, isAfter: Bool) -> [String: String] {
        ["LD_PRELOAD": library, "KILL_AT_CALL": "\(number)\(isAfter ? "+" : "-")"]
    }

    /// What makes the program hang in a call.
    /// - Parameter number: of the call, from 1.
    func settings(hangAt number: Int) -> [String: String] {
        ["LD_PRELOAD": library, "HANG_AT_CALL": "\(number)"]
    }

    /// What makes the program note its calls, a line with number and name for each.
    func settings(callsIn file: String) -> [String: String] {
        ["LD_PRELOAD": library, "CALLS_FILE": file]
    }
}
