import Foundation
import ProgramFixture
import TestServers
import Testing

/// The process is killed at every call that changes the folder, so also between a file and its metadata.
@Suite(.timeLimit(.minutes(10))) struct CallSweepTests {
    private struct Case: Sendable, CustomStringConvertible {
        var call: Int
        var name: String
        var isAfter: Bool
        var concurrency: Int

        var description: String { "\(isAfter ? "after" : "before") call \(call) (\(name)), CONCURRENCY=\(concurrency)" }
    }

    @Test func aKillAtAnyCallLosesNothingAndStoresNothingTwice() async throws {
        let killer = try await CallKiller()
        var cases: [Case] = []
        for concurrency in [1, 4] {
            let calls = try await calls(killer, concurrency)
            for (index, name) in calls.enumerated() {
                cases.append(Case(call: index + 1, name: name, isAfter: false, concurrency: concurrency))
                cases.append(Case(call: index + 1, name: name, isAfter: true, concurrency: concurrency))
            }
        }
        let kinds = Dictionary(grouping: cases, by: \.name).mapValues(\.count).sorted { $0.key < $1.key }
        print("calls: \(kinds.map { "\($0.value) \($0.key)" }.joined(separator: ", "))")
        try await sweep("SIGKILL at every call that changes the folder", cases) { item in
            let stage = try Stage(.directory, Message.mixed)
            try stage.placeForeignBlobs()
            let foreign = stage.stored
            var changes = killer.settings(call: item.call, isAfter: item.isAfter)
            changes["CONCURRENCY"] = "\(item.concurrency)"
            let killed = try await stage.run(changes)
            // What is moved at once takes turns as it likes: a run may have a few calls less than the one that was counted.
            guard killed.ending.signal == SIGKILL || item.concurrency > 1 else {
                return ["the first run was not killed: \(killed.account)"]
            }
            return try await stage.findingsAfterRecovery(foreign: foreign)
        }
    }

    /// The sweep is as complete as what it counts: strace sees no call on the folder that the sweep does not.
    @Test func everyCallThatChangesTheFolderIsCounted() async throws {
        let killer = try await CallKiller()
        let stage = try Stage(.directory, Message.mixed)
        try stage.placeForeignBlobs()
        let trace = stage.folder.file("trace")
        let calls = stage.folder.file("calls")
        let variables = killer.settings(callsIn: calls).flatMap { ["-E", "\($0.key)=\($0.value)"] }
        let strace = ["strace", "-f", "-y", "-qq", "-s", "0", "-o", trace, "-e", "trace=%file,%desc"]
        let result = try await stage.start(launcher: strace + variables).result()
        #expect(result.status == 65, "\(result.account)")

        // The program syncs the parent of its folder too; the test's own files are there.
        let others = ["termination", "stdout", "stderr", "calls"].map { stage.folder.file($0) }
        var traced: [String: Int] = [:]
        for line in (stage.folder.text(of: "trace") ?? "").split(separator: "\n") where line.contains(stage.folder.path)
        {
            // 12345 openat(3</root/...>, "name", O_RDWR|O_CREAT, 0666) = 4
            guard let call = line.split(separator: " ").dropFirst().first?.split(separator: "(").first else { continue }
            if Self.harmless.contains(String(call)) || call == "openat" && !line.contains("O_CREAT") { continue }
            if line.contains(" resumed>") || others.contains(where: line.contains) { continue }
            traced[String(call), default: 0] += 1
        }
        var counted: [String: Int] = [:]
        for line in (stage.folder.text(of: "calls") ?? "").split(separator: "\n") {
            counted[String(line.split(separator: " ").last ?? ""), default: 0] += 1
        }
        counted["utimensat"] = counted.removeValue(forKey: "futimens")
        // The termination message is written beside the folder.
        counted["write"] = nil
        #expect(counted == traced)
        #expect(traced.count > 5)
    }

    /// Calls that look and change nothing.
    private static let harmless: Set<String> = [
        "read", "pread64", "fstat", "newfstatat", "statx", "lseek", "close", "getdents64", "fcntl", "flock", "fstatfs",
        "access", "faccessat", "faccessat2", "readlink", "readlinkat", "stat", "lstat", "poll", "dup", "ioctl", "mmap",
        "statfs", "execve",
    ]

    private func calls(_ killer: CallKiller, _ concurrency: Int) async throws -> [String] {
        let stage = try Stage(.directory, Message.mixed)
        try stage.placeForeignBlobs()
        let file = stage.folder.file("calls")
        let changes = killer.settings(callsIn: file).merging(["CONCURRENCY": "\(concurrency)"]) { $1 }
        let result = try await stage.run(changes)
        #expect(result.status == 65, "\(result.account)")
        return (stage.folder.text(of: "calls") ?? "").split(separator: "\n").map { String($0.split(separator: " ")[1]) }
    }
}
