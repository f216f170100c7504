import Foundation
import ProgramFixture
import Synchronization
import TestServers
import Testing

/// A strict MESH with messages, a place for them, and whatever happens to the program between the two.
///
/// The servers' clock stands still unless it is moved, so that a lease ends when a test wants it to.
final class Stage: Sendable {
    /// Where messages go.
    enum Place: String, Sendable, CaseIterable {
        case blobService
        case directory
    }

    static let mailbox = "X26ABC1"
    static let container = "mesh-messages"
    /// The BSO whose plain names are all taken by blobs that are not the program's.
    static let foreignCode = "FOR"
    static let foreignText = "not a message"

    let place: Place
    let clock: ServerClock
    let log = EventLog()
    let mesh: StrictMESHServer
    let blobs: StrictBlobServer
    let folder = TemporaryFolder(isInMemory: true)
    /// The messages that are to arrive, by id.
    let messages: [String: Message]
    private let runs = Atomic(0)

    init(
        _ place: Place,
        _ messages: [Message],
        options: StrictMESHServer.Options = StrictMESHServer.Options()
    ) throws {
        self.place = place
        self.messages = Dictionary(uniqueKeysWithValues: messages.map { ($0.id, $0) })
        clock = ServerClock(at: time(nil))
        mesh = try StrictMESHServer(messages: messages.map(\.sent), options: options, log: log, clock: clock)
        blobs = try StrictBlobServer(log: log, clock: clock)
    }

    deinit {
        mesh.stop()
        blobs.stop()
    }

    /// Asks the hook for each request at either server.
    func setFault(_ hook: HTTPServer.FaultHook?) {
        mesh.http.setFault(hook)
        blobs.http.setFault(hook)
    }

    /// What leads the program here; waits between tries are short.
    var settings: [String: String] {
        var settings = [
            "MESH_BASE_URL": mesh.baseURL, "MESH_MAILBOX_ID": Self.mailbox, "MESH_PASSWORD": "password",
            "MESH_SHARED_KEY": "TestKey", "BUFFER_MEMORY": "8Mi", "RETRY_BASE_DELAY": "1ms",
            "RETRY_MAX_DELAY": "20ms", "LOG_FORMAT": "json",
        ]
        switch place {
        case .blobService: settings["AZURE_STORAGE_CONNECTION_STRING"] = blobs.connectionString
        case .directory: settings["STORAGE_DIRECTORY"] = folder.file("messages")
        }
        return settings
    }

    /// Starts the program.
    /// - Parameters:
    ///   - changes: settings in place of the stage's own.
    ///   - launcher: what it is started through, before its path.
    func start(
        _ changes: [String: String] = [:],
        launcher: [String] = [],
        limit: Duration = .seconds(120)
    ) throws -> Run {
        let number = runs.wrappingAdd(1, ordering: .relaxed).newValue
        let output = folder.file("stdout-\(number)")
        let termination = folder.file("termination-\(number)")
        let settings = settings.merging(["TERMINATION_MESSAGE_PATH": termination]) { $1 }.merging(changes) { $1 }
        let process = try ChildProcess(
            launcher + [ProgramFixture.Place.binary()],
            environment: settings,
            output: output,
            errorOutput: folder.file("stderr-\(number)"),
            limit: limit
        )
        return Run(process: process, number: number, folder: folder)
    }

    /// Runs the program to its end.
    func run(_ changes: [String: String] = [:]) async throws -> Run.Result {
        try await start(changes).result()
    }
}

/// One run of the program.
struct Run: Sendable {
    /// How it ended and what it said.
    struct Result: Sendable {
        var ending: ChildProcess.Ending
        var lines: [JSONLine]
        var errorOutput: String
        var termination: String?

        var status: Int32? { ending.status }
        var summary: JSONLine? { lines.last.flatMap { $0.sentence == "run finished" ? $0 : nil } }
        var outcome: String? { summary?.outcome }

        /// What a reader of a failed test wants to know.
        var account: String {
            let how = ending.signal.map { "signal \($0)" } ?? "status \(ending.status ?? -1)"
            return "\(how)\n\(lines.suffix(12).map(\.source).joined(separator: "\n"))\n\(errorOutput)"
        }
    }

    let process: ChildProcess
    let number: Int
    let folder: TemporaryFolder

    /// What it has printed so far.
    var output: String { folder.text(of: "stdout-\(number)") ?? "" }

    func result() async throws -> Result {
        let ending = await process.ending
        // A process that was killed may have left half a line; all others are as the reference has them.
        let isCut = !output.hasSuffix("\n")
        for line in output.split(separator: "\n").dropLast(isCut ? 1 : 0) {
            let complaints = LogReference.shared.complaints(about: String(line))
            #expect(complaints == [])
        }
        let lines = output.split(separator: "\n").compactMap { try? JSONLine(String($0)) }
        return Result(
            ending: ending,
            lines: lines,
            errorOutput: folder.text(of: "stderr-\(number)") ?? "",
            termination: folder.text(of: "termination-\(number)")
        )
    }
}
