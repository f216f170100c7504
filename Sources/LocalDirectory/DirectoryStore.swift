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
    private let path: String
    /// As many syncs at once as the messages in flight by default; a journaling file system commits them together.
    private let workers = WorkerThreads(limit: 16)
    private let session = Mutex<Session?>(nil)
    private let placements: [Placement]

    /// - Parameter path: the root, which ``prepare(_:)`` creates, with its parents, if it is missing.
    package convenience init(path: String) {
        self.init(path: path, placements: Placement.allCases)
    }

    /// - Parameter placements: the ways to place a file that may be chosen from.
    init(path: String, placements: [Placement]) {
        self.path = path
        self.placements = placements
    }

    package func prepare(_ attempt: Attempt) async throws(Failure) {
        try await work { _ throws(Failure) in }
    }

    package func create(
        _ blob: BlobDescription,
        content: Block,
        _ permit: WritePermit,
        _ attempt: Attempt
    ) async throws(Failure) {
        let path = try BlobPath(blob.name)
        try await work { session throws(Failure) in
            try permit.check()
            try Failure.from { () throws(SystemError) in try session.create(blob, at: path, bytes: content.bytes) }
        }
    }

    package func stage(_ name: BlobName) async throws(Failure) -> any StagedBlob {
        _ = try BlobPath(name)
        return try await work { [workers] session throws(Failure) in
            let file = try Failure.from { () throws(SystemError) in try session.temporary.makeFile() }
            return StagedFile(file, session: session, workers: workers)
        }
    }

    package func look(at name: BlobName, _ attempt: Attempt) async throws(Failure) -> BlobProperties? {
        let path = try BlobPath(name)
        return try await work { session throws(Failure) in
            try Failure.from { () throws(SystemError) in try session.look(at: path) }
        }
    }

    package func removeProbe(_ name: BlobName, _ attempt: Attempt) async throws(Failure) {
        let path = try BlobPath(name)
        try await work { session throws(Failure) in
            try Failure.from { () throws(SystemError) in try session.remove(path) }
        }
    }

    /// Does blocking work on a thread of its own, with the folder opened.
    func work<Value: Sendable>(
        _ body: @escaping @Sendable (Session) throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        try Failure.checkCancellation()
        return try await workers.run { () throws(Failure) in try body(self.preparedSession()) }
    }

    private func preparedSession() throws(Failure) -> Session {
        if let session = session.withLock({ $0 }) { return session }
        let opened = try Session.open(path, placements: placements)
        // Where two calls came first at once, one of the sessions is dropped, and its lock with it.
        return session.withLock { session in
            let first = session ?? opened
            session = first
            return first
        }
    }
}
