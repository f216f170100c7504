import Blocks
import Digests
import Logging

/// Moves one message: downloads it, stores it under its name, and acknowledges it, in this order.
struct MessageMover: Sendable {
    /// What became of a message.
    enum Outcome: Sendable {
        /// Stored and acknowledged.
        case moved(length: UInt64)
        /// Stays in the inbox, since it is malformed.
        case invalid(Failure)
        /// Stays in the inbox, by settings.
        case left
        /// Stays in the inbox, for the next run.
        case failed(Failure)
        /// Was downloaded and found whole in a dry run.
        case downloaded(length: UInt64)
    }

    /// How often a message is begun again when its staged blocks were lost, or its name was taken meanwhile.
    private static let restarts = 3

    let inbox: any Inbox
    let store: any BlobStore
    let pool: BlockPool
    let retrier: Retrier
    let claims: NameClaims
    let options: TransferOptions
    let log: Logger

    /// - Parameters:
    ///   - place: the message's place in inbox order over the run.
    ///   - claimed: whether the plain name is this message's, where that was decided already.
    func move(_ entry: PlanEntry, place: Int, claimed: Bool?) async -> Outcome {
        defer { claims.giveUp(place: place) }
        do throws(Failure) {
            var name = NameChoice(isPlain: claimed)
            guard let stored = try await store(entry, place, &name) else { return .left }
            if options.isDryRun {
                audit("message downloaded", stored)
                return .downloaded(length: stored.length)
            }
            try await acknowledge(stored)
            audit("message stored", stored)
            return .moved(length: stored.length)
        } catch {
            return error.kind == .invalidMessage ? .invalid(error) : .failed(error)
        }
    }

    /// - Returns: what was stored; `nil` for a report that is left.
    private func store(_ entry: PlanEntry, _ place: Int, _ name: inout NameChoice) async throws(Failure) -> StoredMessage? {
        var wasDamaged = false
        var begun = 0
        while true {
            begun += 1
            do throws(Failure) {
                return try await storeOnce(entry, place, &name)
            } catch {
                switch error.kind {
                case .damaged where !wasDamaged:
                    wasDamaged = true
                case .damaged:
                    throw .invalid(error.type, error.message)
                case .stagedBlocksLost where begun <= Self.restarts, .alreadyExists where begun <= Self.restarts:
                    break
                default:
                    throw error
                }
                log.debug("message begun again", metadata: error.fields + ["messaging.message.id": "\(entry.id)"])
            }
        }
    }

    private func storeOnce(
        _ entry: PlanEntry,
        _ place: Int,
        _ name: inout NameChoice
    ) async throws(Failure) -> StoredMessage? {
        let first = try await retrier.run(failedOnce: { claims.giveUp(place: place) }) {
            _ async throws(Failure) in
            try await inbox.download(entry.id, chunk: 1, skipping: 0)
        }
        let attributes = first.head.attributes
        if attributes.isReport && options.reports == .leave {
            first.cancel()
            return nil
        }
        let code: BSOCode
        do throws(Failure) {
            code = try bsoCode(entry, attributes)
        } catch {
            first.cancel()
            throw error
        }
        let isPlain: Bool
        if let decided = name.isPlain {
            isPlain = decided
        } else {
            isPlain = await claims.claim(place: place, code: code, time: entry.time)
            name.isPlain = isPlain
        }
        let message = MessageInTransit(entry: entry, code: code, attributes: attributes)
        let reader = MessageReader(inbox: inbox, retrier: retrier, id: entry.id, first: first)
        let writer = MessageWriter(store: store, pool: pool, retrier: retrier, isDryRun: options.isDryRun, log: log)
        if attributes.isReport {
            return try await writer.writeReport(message, reader, &name)
        }
        return try await writer.write(message, reader, BlockSizing(capacity: pool.capacity).need(for: first.head), &name)
    }

    private func bsoCode(_ entry: PlanEntry, _ attributes: MessageAttributes) throws(Failure) -> BSOCode {
        let text = entry.source.text(id: entry.id, attributes: attributes)
        if let code = text.flatMap(BSOCode.init) { return code }
        if attributes.isReport, let code = BSOCode(entry.id.text) { return code }
        throw .invalidCode(entry.source)
    }

    private func acknowledge(_ stored: StoredMessage) async throws(Failure) {
        do throws(Failure) {
            try await retrier.run { _ async throws(Failure) in try await inbox.acknowledge(stored.message.entry.id) }
        } catch {
            // Not there any more: it was acknowledged before, or has expired after we stored it.
            guard error.kind == .gone else {
                log.warning(
                    "message stored but not acknowledged",
                    metadata: error.fields + stored.fields
                )
                throw error
            }
        }
    }

    private func audit(_ sentence: Logger.Message, _ stored: StoredMessage) {
        log.info(sentence, metadata: stored.fields)
        if stored.message.attributes.isReport {
            log.warning("report: a message that this mailbox sent was not delivered", metadata: stored.reportFields)
        }
    }
}

extension Failure {
    /// The message has no code to be named by.
    static func invalidCode(_ source: BSOSource) -> Failure {
        .invalid(
            "bso_code",
            "Its \(source.words) does not begin with three letters or digits, which the blob's name begins with."
        )
    }
}

extension BSOSource {
    fileprivate var words: String {
        switch self {
        case .messageID: "message id"
        case .fileName: "file name (Mex-FileName)"
        case .localID: "local id (Mex-LocalID)"
        case .sender: "sender (Mex-From)"
        case .workflowID: "workflow id (Mex-WorkflowID)"
        }
    }
}
