package import Blocks
import Synchronization
package import Transfer

/// Blobs as files of a folder: a blob `2024-01-15/ABC_20240115T143045.dat` is the file of that path.
///
/// A file appears whole or not at all, is never replaced, and survives a loss of power once a call has returned.
/// Folders of blobs hold nothing else, for consumers that read each file of a date; all that belongs to this store is
/// in `.poll-mesh-inbox` below the root. The root may be, or be reached by, a symbolic link; links below it are not
/// followed.
package final class DirectoryStore: BlobStore {
    /// How often a lock is asked for that another process has, and how many times before that is a failure.
    private static let lockInterval = Duration.milliseconds(200)
    private static let lockTries = 150

    private let path: String
    private let sleep: @Sendable (Duration) async throws -> Void
    /// As many syncs at once as the messages in flight by default; a journaling file system commits them together.
    let workers = WorkerThreads(limit: 16)
    private let session = Mutex<Session?>(nil)
    private let placements: [Placement]
    private let calls: FileCalls

    /// - Parameters:
    ///   - path: the root, which ``prepare(_:)`` creates, with its parents, if it is missing.
    ///   - sleep: waits; throws when the task is cancelled.
    package convenience init(path: String, sleep: @escaping @Sendable (Duration) async throws -> Void) {
        self.init(path: path, sleep: sleep, placements: Placement.allCases)
    }

    /// - Parameters:
    ///   - placements: the ways to place a file that may be chosen from.
    ///   - calls: how files are written.
    init(
        path: String,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        placements: [Placement] = Placement.allCases,
        calls: FileCalls = FileCalls()
    ) {
        self.path = path
        self.sleep = sleep
        self.placements = placements
        self.calls = calls
    }

    package func prepare(_ attempt: Attempt) async throws(Failure) {
        try await work { _, _ throws(Failure) in }
    }

    package func create(
        _ blob: BlobDescription,
        content: Block,
        _ permit: WritePermit,
        _ attempt: Attempt
    ) async throws(Failure) {
        let path = try BlobPath(blob.name)
        let bytes = LentBytes(content)
        try await work { session, abandonment throws(Failure) in
            try session.create(blob, at: path, bytes, permit, abandonment)
        }
    }

    package func stage(_ name: BlobName) async throws(Failure) -> any StagedBlob {
        _ = try BlobPath(name)
        return try await work { [workers] session, _ throws(Failure) in
            let file = try Failure.from { () throws(SystemError) in try session.temporary.makeFile() }
            return StagedFile(file, session: session, workers: workers)
        }
    }

    package func look(at name: BlobName, _ attempt: Attempt) async throws(Failure) -> BlobProperties? {
        let path = try BlobPath(name)
        return try await work { session, _ throws(Failure) in
            try Failure.from { () throws(SystemError) in try session.look(at: path) }
        }
    }

    package func removeProbe(_ name: BlobName, _ attempt: Attempt) async throws(Failure) {
        let path = try BlobPath(name)
        try await work { session, abandonment throws(Failure) in
            try Failure.from { () throws(SystemError) in try session.remove(path, abandonment) }
        }
    }

    /// Does blocking work on a thread of its own, with the folder opened.
    /// - Throws: ``Failure/Kind/cancelled`` as soon as the task is cancelled, whatever the work is at.
    func work<Value: Sendable>(
        _ body: @escaping @Sendable (Session, Abandonment) throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        for _ in 0..<Self.lockTries {
            let value = try await workers.run { abandonment throws(Failure) -> Value? in
                guard let session = try self.preparedSession(abandonment) else { return nil }
                return try body(session, abandonment)
            }
            if let value { return value }
            do { try await sleep(Self.lockInterval) } catch { throw .cancelled }
        }
        throw .lockHeld(Session.lockPath(path), for: Self.lockInterval * Self.lockTries)
    }

    /// - Returns: `nil` while another process has the folder locked alone.
    private func preparedSession(_ abandonment: Abandonment) throws(Failure) -> Session? {
        if let session = session.withLock({ $0 }) { return session }
        guard let opened = try Session.open(path, placements: placements, calls: calls, abandonment) else { return nil }
        // Where two calls came first at once, one of the sessions is dropped, and its lock with it.
        return session.withLock { session in
            let first = session ?? opened
            session = first
            return first
        }
    }
}

extension Failure {
    fileprivate static func lockHeld(_ path: String, for duration: Duration) -> Failure {
        Failure(
            service: .storage,
            kind: .transient,
            type: "lock_held",
            message: "Another process has had \(path) locked for \(duration.components.seconds) seconds.",
            advice:
                "Another run may be removing what is left of a large folder; else find the process with lslocks, and end it."
        )
    }
}
