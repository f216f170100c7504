import Foundation
import ProgramFixture
import TestServers
import Testing

/// A strict MESH, a strict Blob service, one log of what happened at both, and the program between them.
struct Scene: Sendable {
    /// Characters that look otherwise in URLs and in base64, so that every form of a leak is told apart.
    static let mailbox = MESHMailbox(password: "Pa$$/w0rd+with=signs", sharedKey: "Sh@red+Key/of&test")

    let mesh: StrictMESHServer
    let store: StrictBlobServer
    let log: EventLog
    let folder = TemporaryFolder()
    /// Where messages go.
    var place: Store = .blobService

    enum Store: Sendable, CaseIterable {
        case blobService
        case directory
    }

    /// What leads the program here; waits between tries are short.
    var settings: [String: String] {
        var settings = [
            "MESH_BASE_URL": mesh.baseURL, "MESH_MAILBOX_ID": Self.mailbox.id,
            "MESH_PASSWORD": Self.mailbox.password, "MESH_SHARED_KEY": Self.mailbox.sharedKey,
            "RETRY_BASE_DELAY": "1ms", "RETRY_MAX_DELAY": "20ms",
        ]
        switch place {
        case .blobService: settings["AZURE_STORAGE_CONNECTION_STRING"] = store.connectionString
        case .directory: settings["STORAGE_DIRECTORY"] = folder.file("messages")
        }
        return settings
    }

    /// Runs a poll, or what the arguments say.
    /// - Parameter changes: settings in place of the scene's own, or nil for none.
    func run(
        _ arguments: [String] = [],
        _ changes: [String: String?] = [:],
        program: Program? = nil,
        limit: Duration = .seconds(120),
        started: @Sendable (ChildProcess) -> Void = { _ in },
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JobRun {
        var settings = settings
        for (name, value) in changes { settings[name] = value }
        return try await (program ?? Program()).job(
            arguments,
            settings,
            limit: limit,
            started: started,
            sourceLocation: sourceLocation
        )
    }

    /// The names of what is stored, in the order of their bytes, without what the program keeps for itself.
    var names: [String] {
        switch place {
        case .blobService: store.blobs(in: "mesh-messages").map(\.name).filter { !$0.hasPrefix(".") }
        case .directory: folder.files(below: "messages").filter { !$0.hasPrefix(".") }
        }
    }

    /// What is stored under a name.
    func content(_ name: String) -> [UInt8]? {
        switch place {
        case .blobService: store.blob(name, in: "mesh-messages")?.bytes
        case .directory: FileManager.default.contents(atPath: folder.file("messages/\(name)")).map { Array($0) }
        }
    }
}

/// Runs with both servers, and expects of whatever happened there what the program promises of every run.
func withScene(
    _ messages: [MESHMessage] = [],
    place: Scene.Store = .blobService,
    mesh options: StrictMESHServer.Options = StrictMESHServer.Options(),
    blobs blobOptions: StrictBlobServer.Options = StrictBlobServer.Options(),
    clock: ServerClock = .system,
    sourceLocation: SourceLocation = #_sourceLocation,
    run: (Scene) async throws -> Void
) async throws {
    let log = EventLog()
    try await withStrictMESHServer(
        mailboxes: [Scene.mailbox],
        messages: messages,
        options: options,
        log: log,
        clock: clock
    ) { mesh in
        try await withStrictBlobServer(options: blobOptions, log: log, clock: clock) { store in
            let scene = Scene(mesh: mesh, store: store, log: log, place: place)
            try await run(scene)
            scene.expectPromises(sourceLocation)
        }
    }
}
