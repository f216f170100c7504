import Foundation
import ProgramFixture
import Testing

/// The process is killed again and again at random instants, between MESH's own sandbox and a folder.
@Suite(.timeLimit(.minutes(10))) struct SandboxKillTests {
    private static let messageCount = 120
    private static let killCount = 40

    @Test func fortyKillsLoseNothingAndStoreNothingTwice() async throws {
        let start = ContinuousClock.now
        let seed = Place.variable("KILL_SEED").flatMap(UInt64.init) ?? .random(in: 0..<1_000_000)
        var random = SeededGenerator(seed: seed)
        let sandbox = try await Sandbox()
        let folder = TemporaryFolder(isInMemory: true)
        let sent = try await send(sandbox, folder)
        #expect(Set(sent.keys).count == Self.messageCount)
        let settings = [
            "MESH_BASE_URL": sandbox.url, "MESH_MAILBOX_ID": "X26ABC1", "MESH_PASSWORD": "password",
            "MESH_SHARED_KEY": "TestKey", "STORAGE_DIRECTORY": folder.file("messages"), "CONCURRENCY": "2",
            "TERMINATION_MESSAGE_PATH": folder.file("termination"), "RETRY_BASE_DELAY": "1ms",
        ]
        var killed = 0
        var progress: [Int] = []
        for number in 0..<Self.killCount {
            let process = try ChildProcess(
                [Place.binary()],
                environment: settings,
                output: folder.file("stdout-\(number)"),
                errorOutput: folder.file("stderr")
            )
            // Now and then before anything is stored, else after one or two messages more; never when all is done.
            let isNearlyDone = progress.last ?? 0 > Self.messageCount - 20
            let isEarly = Int.random(in: 0..<4, using: &random) == 0 || isNearlyDone
            let delay = Int.random(in: 0...(isEarly && !isNearlyDone ? 60 : 6), using: &random)
            // On a thread of its own: other tests keep those of tasks busy, and a run is short.
            try await ChildProcess.onThread {
                while !isEarly, process.isRunning, stored(number, folder) == 0 { usleep(500) }
                usleep(UInt32(delay) * 1_000)
                process.signal(SIGKILL)
            }
            if await process.ending.signal == SIGKILL { killed += 1 }
            progress.append(folder.files(below: "messages").count { !$0.hasPrefix(".") })
        }
        let last = try ChildProcess(
            [Place.binary()],
            environment: settings,
            output: folder.file("stdout"),
            errorOutput: folder.file("stderr")
        )
        let ending = await last.ending
        let log = folder.text(of: "stdout") ?? ""
        #expect(ending.status == 0, "KILL_SEED=\(seed)\n\(log.suffix(2_000))")
        #expect(folder.text(of: "stderr") == "")

        let names = folder.files(below: "messages").filter { !$0.hasPrefix(".") }
        #expect(killed == Self.killCount, "KILL_SEED=\(seed)")
        #expect(Set(progress).count > 5, "KILL_SEED=\(seed): nothing was stored between kills: \(progress)")
        #expect(names.count == Self.messageCount, "KILL_SEED=\(seed)")
        let contents = names.map { folder.text(of: "messages/\($0)") ?? "" }
        #expect(contents.sorted() == sent.values.sorted(), "KILL_SEED=\(seed)")
        let waiting = try await list(sandbox, folder)
        #expect(waiting == [], "KILL_SEED=\(seed)")
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        print("sandbox: \(killed) of \(Self.killCount) killed (KILL_SEED=\(seed)), files after each: \(progress)")
        print(
            "sandbox: \(names.count) files, \(Set(contents).count) contents, \(waiting.count) left, \(Int(seconds)) s"
        )
    }

    /// How many messages a run says that it has stored.
    private func stored(_ number: Int, _ folder: TemporaryFolder) -> Int {
        (folder.text(of: "stdout-\(number)") ?? "").matches(of: /"message stored"/).count
    }

    /// Sends the messages with the official client.
    /// - Returns: contents by id.
    private func send(_ sandbox: Sandbox, _ folder: TemporaryFolder) async throws -> [String: String] {
        try await python(["send", sandbox.url, "\(Self.messageCount)"], folder)
    }

    /// The ids in the inbox, by the official client.
    private func list(_ sandbox: Sandbox, _ folder: TemporaryFolder) async throws -> [String] {
        try await python(["list", sandbox.url], folder)
    }

    private func python<Answer: Decodable>(_ arguments: [String], _ folder: TemporaryFolder) async throws -> Answer {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "sandbox_inbox.py").path()
        let process = try ChildProcess(
            [Place.python(), script] + arguments,
            environment: [:],
            output: folder.file("answer-\(arguments[0])"),
            errorOutput: folder.file("python")
        )
        guard await process.ending.status == 0 else {
            throw Missing("sandbox_inbox.py failed: \(folder.text(of: "python") ?? "")")
        }
        return try JSONDecoder().decode(Answer.self, from: Data((folder.text(of: "answer-\(arguments[0])") ?? "").utf8))
    }
}
