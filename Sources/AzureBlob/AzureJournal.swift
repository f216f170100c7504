internal import Synchronization
package import Transfer

/// Journals as blobs of a container, each under its lease.
extension AzureBlobStore: JournalStore {
    private static let leaseSeconds = 60

    package func takeJournal(
        of mailbox: String,
        holder: String,
        _ attempt: Attempt
    ) async throws(Failure) -> (any HeldJournal)? {
        let name = BlobName(".poll-mesh-inbox/\(PercentEncoding.encode(mailbox)).json")
        do {
            try await take(name, holder, attempt)
        } catch {
            switch (error.kind, error.type) {
            case (.lease, _): return nil
            // What is missing has no lease.
            case (.gone, _): break
            case (_, "ContainerNotFound"): try await prepare(attempt)
            default: throw error
            }
            try await createEmpty(name, attempt)
            do {
                try await take(name, holder, attempt)
            } catch {
                guard error.kind == .lease else { throw error }
                return nil
            }
        }
        return AzureJournal(store: self, name: name, holder: holder, seconds: Self.leaseSeconds)
    }

    private func take(_ name: BlobName, _ holder: String, _ attempt: Attempt) async throws(Failure) {
        try await acquireLease(on: name, id: holder, duration: Self.leaseSeconds, attempt)
    }

    private func createEmpty(_ name: BlobName, _ attempt: Attempt) async throws(Failure) {
        do {
            _ = try await write(name, content: [], contentType: "application/json", condition: .missing, attempt)
        } catch {
            // Another run has created it meanwhile, and may hold it.
            guard error.kind == .alreadyExists || error.kind == .lease else { throw error }
        }
    }
}

/// A journal blob whose lease this run holds.
private final class AzureJournal: HeldJournal {
    /// More than a journal of a million messages has.
    private static let limit = 256 << 20

    let name: BlobName
    let leaseDuration: Duration?
    private let store: AzureBlobStore
    private let holder: String
    private let version = Mutex<BlobVersion?>(nil)

    init(store: AzureBlobStore, name: BlobName, holder: String, seconds: Int) {
        self.store = store
        self.name = name
        self.holder = holder
        leaseDuration = .seconds(seconds)
    }

    func read(_ attempt: Attempt) async throws(Failure) -> [UInt8] {
        guard let blob = try await store.read(name, limit: Self.limit, attempt) else {
            throw Failure(
                service: .storage,
                kind: .lease,
                type: "journal_removed",
                message: "The journal \(name) was removed while this run held its lease."
            )
        }
        version.withLock { $0 = blob.version }
        return blob.content
    }

    func write(_ content: [UInt8], _ attempt: Attempt) async throws(Failure) {
        guard let known = version.withLock({ $0 }) else {
            preconditionFailure("a journal is read before it is written")
        }
        let written = try await store.write(
            name,
            content: content,
            contentType: "application/json",
            condition: .unchanged(known),
            leaseID: holder,
            attempt
        )
        version.withLock { $0 = written }
    }

    func renew(_ attempt: Attempt) async throws(Failure) {
        try await store.renewLease(on: name, id: holder, attempt)
    }

    func release(_ attempt: Attempt) async throws(Failure) {
        try await store.releaseLease(on: name, id: holder, attempt)
    }
}
