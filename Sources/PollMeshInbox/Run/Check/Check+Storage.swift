import AzureBlob
import Blocks
import Digests
import Logging
import Transfer

extension Check {
    func checkStorage(_ retrier: Retrier, _ report: inout CheckReport) async {
        let statements = [
            "storage is there", "a blob can be created, read and removed", "the journal can be held",
        ]
        guard await reachStorage(retrier, &report) else { return report.skipped(statements) }
        let container: Logger.Metadata = ["blob.container": "\(settings.storage.containerName)"]
        let isThere = await report.prove(statements[0]) { () async throws(Failure) in
            try await retrier.run { attempt async throws(Failure) in try await services.store.prepare(attempt) }
            return isAccount ? container : [:]
        }
        guard isThere else { return report.skipped(Array(statements[1...])) }
        let isWritable = await report.prove(statements[1]) { () async throws(Failure) in
            try await probe(services.stateStore, retrier)
            return [:]
        }
        guard isWritable else { return report.skipped(Array(statements[2...])) }
        await holdJournal(statements[2], services.stateStore, retrier, &report)
    }

    private var isAccount: Bool {
        if case .directory = settings.storage.place { false } else { true }
    }

    /// Looks at the way to an account, and at what it is used with.
    private func reachStorage(_ retrier: Retrier, _ report: inout CheckReport) async -> Bool {
        let statement = "there is a credential for storage"
        let endpoint: StorageEndpoint
        switch settings.storage.place {
        case .directory: return true
        case .account(let place, _), .identity(let place, _, passedOver: _): endpoint = place
        }
        let isThere = await connect(
            .storage,
            Services.configuration(settings),
            endpoint.scheme.rawValue,
            endpoint.authority,
            "\(endpoint.basePath)/",
            retrier,
            &report
        )
        guard isThere else {
            report.skipped([statement])
            return false
        }
        return await report.prove(statement) { () async throws(Failure) in try await credential() }
    }

    private func credential() async throws(Failure) -> Logger.Metadata {
        switch settings.storage.place {
        case .directory: return [:]
        case .account(_, let credential):
            var fields: Logger.Metadata = ["credential": "\(credential)"]
            if case .sharedAccessSignature(let signature) = credential, let end = signature.expiry {
                fields["credential.end"] = "\(end)"
            }
            return fields
        case .identity(_, let source, passedOver: _):
            var fields: Logger.Metadata = ["credential": "\(source)"]
            if let token = try await services.tokens?.token() {
                fields["credential.expires_in_s"] = .stringConvertible(token.end - services.surroundings.now())
            }
            return fields
        }
    }

    /// Takes the journal of the mailbox and lets go of it again. Where there is none it is left there, empty.
    private func holdJournal(
        _ statement: String,
        _ store: any JournalStore,
        _ retrier: Retrier,
        _ report: inout CheckReport
    ) async {
        do throws(Failure) {
            let holder = SecureRandom.uuid()
            let mailbox = settings.mesh.mailboxID
            let journal = try await retrier.run { attempt async throws(Failure) in
                try await store.takeJournal(of: mailbox, holder: holder, attempt)
            }
            guard let journal else {
                report.doubtful(
                    statement,
                    advice:
                        "Another run holds it: it is alive, or was killed within the last minute. Nothing is to be done."
                )
                return
            }
            try await retrier.run { attempt async throws(Failure) in try await journal.release(attempt) }
            report.passed(statement, ["blob.name": "\(journal.name)"])
        } catch {
            report.failed(statement, error)
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
            try await store.create(BlobDescription(name: name, metadata: metadata), content: content, .always, attempt)
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
