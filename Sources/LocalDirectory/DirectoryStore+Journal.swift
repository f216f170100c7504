import Synchronization
package import Transfer

/// Journals as files of `.poll-mesh-inbox`, each under a lock that ends with its process.
extension DirectoryStore: JournalStore {
    package func takeJournal(
        of mailbox: String,
        holder: String,
        _ attempt: Attempt
    ) async throws(Failure) -> (any HeldJournal)? {
        let name = PercentEncoding.encode(mailbox)
        guard let lock = try await lock("\(name).lock") else { return nil }
        return DirectoryJournal(store: self, file: "\(name).json", lock: lock)
    }
}

/// A journal file whose lock this process has, for as long as this value lives.
private final class DirectoryJournal: HeldJournal {
    private let store: DirectoryStore
    private let file: String
    /// `nil` once it was released.
    private let lock: Mutex<RunLock?>

    init(store: DirectoryStore, file: String, lock: RunLock) {
        self.store = store
        self.file = file
        self.lock = Mutex(lock)
    }

    var name: BlobName { BlobName("\(Session.folderName)/\(file)") }

    var leaseDuration: Duration? { nil }

    func read(_ attempt: Attempt) async throws(Failure) -> [UInt8] {
        try await store.state(file) ?? []
    }

    func write(_ content: [UInt8], _ attempt: Attempt) async throws(Failure) {
        try await store.setState(file, to: content)
    }

    func renew(_ attempt: Attempt) async throws(Failure) {}

    /// A job that was abandoned keeps the lock until it has ended.
    func release(_ attempt: Attempt) async throws(Failure) {
        await store.workers.finish {
            // Unlocking may block, so not in the caller's thread.
            let lock = self.lock.withLock { lock in
                defer { lock = nil }
                return lock
            }
            withExtendedLifetime(lock) {}
        }
    }
}
