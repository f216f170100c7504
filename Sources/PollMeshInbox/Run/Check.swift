import Blocks
import Digests
import Logging
import Transfer

/// Proves that a poll would find what it needs, and moves no message.
struct Check {
    let settings: Settings
    let services: Services
    let log: RunLog

    func run() async -> RunOutcome {
        log.write(.settingsUsable)
        let retrier = Retrier(settings.transfer, services.surroundings, log)
        var failures: [Failure] = []
        await prove("MESH lets us in", &failures) { () async throws(Failure) in
            try await retrier.run { _ async throws(Failure) in try await services.inbox.handshake() }
        }
        await prove("the inbox can be listed", &failures) { () async throws(Failure) in
            _ = try await retrier.run { _ async throws(Failure) in try await services.inbox.page(at: nil) }
        }
        await prove("storage is there", &failures) { () async throws(Failure) in
            try await retrier.run { attempt async throws(Failure) in try await services.store.prepare(attempt) }
        }
        await prove("a blob can be created, read and removed", &failures) { () async throws(Failure) in
            try await probe(services.stateStore, retrier)
        }
        guard let first = failures.first else { return RunOutcome(status: .success, outcome: "ok") }
        var outcome = RunOutcome(first)
        outcome.fields["checks.failed"] = .stringConvertible(failures.count)
        return outcome
    }

    private func prove(
        _ statement: String,
        _ failures: inout [Failure],
        _ proof: () async throws(Failure) -> Void
    ) async {
        do throws(Failure) {
            try await proof()
            log.write(.checkPassed, ["check": "\(statement)"])
        } catch {
            failures.append(error)
            log.write(.checkFailed, error.fields.merging(["check": "\(statement)"]) { _, new in new })
        }
    }

    /// Writes, looks at and removes one blob beside the journal.
    private func probe(_ store: any BlobStore, _ retrier: Retrier) async throws(Failure) {
        let name = BlobName(".poll-mesh-inbox/probe-\(Hex.encode(SecureRandom.bytes(8)))")
        let content = Block(capacity: 16)
        SecureRandom.fill(content.room)
        content.advance(by: 16)
        let metadata = MessageMetadata.make(
            id: MessageID("probe"),
            attributes: MessageAttributes(),
            sha256: SHA256.hash(content.bytes)
        )
        try await retrier.run { attempt async throws(Failure) in
            try await store.create(BlobDescription(name: name, metadata: metadata), content: content, attempt)
        }
        let properties = try await retrier.run { attempt async throws(Failure) in
            try await store.look(at: name, attempt)
        }
        try await retrier.run { attempt async throws(Failure) in try await store.removeProbe(name, attempt) }
        guard properties?.metadata == metadata, properties?.length == 16 else {
            throw Failure(
                service: .storage,
                kind: .permanent,
                type: "probe_differs",
                message: "The probe \(name) did not come back as it was written.",
                advice: "Something between here and storage changes metadata or content."
            )
        }
    }
}
