import Blocks
import Digests
import Logging

/// Moves one message: downloads it, stores it under its name, and acknowledges it, in this order.
struct MessageMover: Sendable {
    /// What became of a message.
    enum Outcome: Sendable {
        /// Stored and acknowledged.
        case moved(length: UInt64, isReport: Bool)
        /// Acknowledged; an earlier run had stored it.
        case acknowledged
        /// MESH has no such message any more, and an earlier run had planned it.
        case gone
        /// An earlier run had planned it; it is neither listed nor stored, and MESH still gives it out.
        case unlisted
        /// Stays in the inbox, since it is malformed.
        case invalid(Failure)
        /// Stored apart and acknowledged, since it is malformed.
        case quarantined(Failure, length: UInt64)
        /// Stays in the inbox, by settings.
        case left
        /// Stays in the inbox, for the next run.
        case failed(Failure)
        /// Was downloaded and found whole in a dry run.
        case downloaded(length: UInt64)
    }

    /// How often a message is begun again: when its staged blocks were lost, its name was taken meanwhile, its content changed, or
    /// it looks malformed.
    private static let restarts = 3

    let inbox: any Inbox
    let store: any BlobStore
    let pool: BlockPool
    let retrier: Retrier
    let claims: NameClaims
    let keeper: JournalKeeper
    let options: TransferOptions
    let surroundings: Surroundings
    let log: Logger
    let audit: AuditTrail

    /// - Parameter stored: called when all that is left is to acknowledge it.
    func move(_ turn: Turn, stored: @Sendable () -> Void) async -> Outcome {
        let (assignment, place) = (turn.assignment, turn.place)
        defer { claims.giveUp(place: place) }
        let id = assignment.entry.id
        do throws(Failure) {
            switch assignment.task {
            case .acknowledgeAgain:
                try await acknowledge(id)
                return .acknowledged
            case .recover(let plans):
                return try await recover(id, plans)
            case .store(let plans):
                var name = NameChoice(isPlain: turn.hasPlainName)
                return try await store(assignment.entry, plans, place, &name, stored)
            }
        } catch {
            return error.kind == .invalidMessage ? await invalid(assignment, error) : .failed(error)
        }
    }

    /// Puts a malformed message where the settings want it.
    private func invalid(_ assignment: Assignment, _ reason: Failure) async -> Outcome {
        guard options.invalidMessages == .quarantine, !options.isDryRun else { return .invalid(reason) }
        do throws(Failure) {
            return try await quarantine(assignment.entry, reason)
        } catch {
            return error.kind == .invalidMessage ? .invalid(error) : .failed(error)
        }
    }

    /// Stores the message's bytes as they came, and acknowledges it.
    private func quarantine(_ entry: PlanEntry, _ reason: Failure) async throws(Failure) -> Outcome {
        let first = try await download(entry.id, as: .asReceived)
        let reader = MessageReader(inbox: inbox, retrier: retrier, id: entry.id, first: first, as: .asReceived)
        let attributes = first.head.attributes
        // A commit whose answer was lost may have stored it whole, before it was begun again and came damaged.
        let names = [entry].names(of: entry.id) + [entry].names(of: entry.id, attributes)
        if let found = try await finder.find(entry.id, names) { return try await finish(found) }
        let message = MessageInTransit(entry: entry, destination: .quarantine(reason), attributes: attributes)
        let need = BlockSizing(capacity: pool.capacity).need(for: first.head)
        var name = NameChoice(isPlain: false)
        let stored = try await writer.write(message, reader, need, &name)
        let record = stored.audit
        try await settle(stored)
        try await acknowledge(record)
        audit(.messageStored, record)
        return .quarantined(reason, length: stored.length)
    }

    private func download(_ id: MessageID, as form: ContentForm) async throws(Failure) -> any MessageChunk {
        try await retrier.run { _ async throws(Failure) in
            try await inbox.download(id, chunk: 1, as: form)
        }
    }

    // MARK: - Messages of an earlier run

    /// Finishes a message that is not listed, as far as it is stored.
    private func recover(_ id: MessageID, _ plans: [PlanEntry]) async throws(Failure) -> Outcome {
        if let found = try await finder.find(id, plans.names(of: id)) { return try await finish(found) }
        let first: any MessageChunk
        do throws(Failure) {
            first = try await download(id, as: .content)
        } catch {
            guard error.kind == .gone else { throw error }
            return gone(id)
        }
        first.cancel()
        if let found = try await finder.find(id, plans.names(of: id, first.head.attributes)) {
            return try await finish(found)
        }
        return .unlisted
    }

    /// The run that planned it may have acknowledged it and not lived to note that; or MESH doesn't have it yet.
    private func gone(_ id: MessageID) -> Outcome {
        keeper.settle(id, as: .gone)
        return .gone
    }

    private func finish(_ found: AuditRecord) async throws(Failure) -> Outcome {
        try await acknowledge(found)
        audit(.messageStored, found)
        return .acknowledged
    }

    private var finder: StoredMessageFinder { StoredMessageFinder(store: store, retrier: retrier) }

    // MARK: - Storing

    private func store(
        _ entry: PlanEntry,
        _ plans: [PlanEntry],
        _ place: Int,
        _ name: inout NameChoice,
        _ stored: () -> Void
    ) async throws(Failure) -> Outcome {
        if let found = try await finder.find(entry.id, plans.names(of: entry.id)) { return try await finish(found) }
        var suspicion: String?
        var begun = 0
        while true {
            begun += 1
            do throws(Failure) {
                return try await storeOnce(entry, plans, place, &name, stored)
            } catch {
                switch error.kind {
                case .damaged, .invalidMessage:
                    // One odd answer can be anybody's; the message is at fault if another download says the same.
                    if error.type == suspicion { throw .invalid(error.type, error.wording) }
                    guard begun <= Self.restarts else { throw .inconsistent(error) }
                    suspicion = error.type
                case .stagedBlocksLost where begun <= Self.restarts, .alreadyExists where begun <= Self.restarts,
                    .contentChanged where begun <= Self.restarts:
                    break
                default:
                    throw error
                }
                log.write(.messageBegunAgain, error.fields + ["messaging.message.id": "\(entry.id)"])
            }
        }
    }

    private func storeOnce(
        _ entry: PlanEntry,
        _ plans: [PlanEntry],
        _ place: Int,
        _ name: inout NameChoice,
        _ stored: () -> Void
    ) async throws(Failure) -> Outcome {
        let first: any MessageChunk
        do throws(Failure) {
            first = try await retrier.run(
                failedOnce: { claims.giveUp(place: place) },
                { _ async throws(Failure) in try await inbox.download(entry.id, chunk: 1, as: .content) }
            )
        } catch {
            // A later chunk that is missing is another matter: the message is there.
            guard error.kind == .gone, !plans.isEmpty else { throw error }
            return gone(entry.id)
        }
        let attributes = first.head.attributes
        let reader = MessageReader(inbox: inbox, retrier: retrier, id: entry.id, first: first, as: .content)
        if let found = try await finder.find(entry.id, plans.names(of: entry.id, attributes)) {
            return try await finish(found)
        }
        if attributes.isReport && options.reports == .leave { return .left }
        let code = try entry.code(attributes)
        if name.isPlain == nil {
            name.isPlain = await claims.claim(place: place, code: code, time: entry.time)
        }
        let message = MessageInTransit(entry: entry, destination: .named(code), attributes: attributes)
        let written: StoredMessage
        if attributes.isReport {
            written = try await writer.writeReport(message, reader, &name)
        } else {
            let need = BlockSizing(capacity: pool.capacity).need(for: first.head)
            written = try await writer.write(message, reader, need, &name)
        }
        stored()
        return try await complete(written)
    }

    private var writer: MessageWriter {
        MessageWriter(
            store: store,
            pool: pool,
            retrier: retrier,
            keeper: keeper,
            surroundings: surroundings,
            isDryRun: options.isDryRun,
            log: log
        )
    }

    private func complete(_ stored: StoredMessage) async throws(Failure) -> Outcome {
        let record = stored.audit
        if options.isDryRun {
            audit(.messageDownloaded, record)
            return .downloaded(length: stored.length)
        }
        try await settle(stored)
        try await acknowledge(record)
        audit(.messageStored, record)
        let isReport = stored.message.attributes.isReport
        if isReport { log.write(.reportArrived, stored.reportFields) }
        return .moved(length: stored.length, isReport: isReport)
    }

    // MARK: - Acknowledging

    /// Waits until no try that was cut can store the message a second time, once a consumer has taken it away.
    private func settle(_ stored: StoredMessage) async throws(Failure) {
        guard let moment = stored.settledAt else { return }
        keeper.settle(stored.message.entry.id, as: .stored)
        do {
            try await surroundings.sleep(max(.zero, moment - surroundings.uptime()))
        } catch {
            keeper.lateEffects.leaveOpen()
            throw .cancelled
        }
    }

    private func acknowledge(_ stored: AuditRecord) async throws(Failure) {
        keeper.settle(stored.id, as: .stored)
        do throws(Failure) {
            try await acknowledge(stored.id)
        } catch {
            log.write(.messageNotAcknowledged, error.fields + stored.fields)
            throw error
        }
    }

    private func acknowledge(_ id: MessageID) async throws(Failure) {
        do throws(Failure) {
            try await retrier.run { _ async throws(Failure) in
                try keeper.checkLease()
                try await inbox.acknowledge(id)
            }
        } catch {
            // Not there any more: it was acknowledged before, or has expired after it was stored.
            guard error.kind == .gone else { throw error }
        }
        keeper.settle(id, as: .acknowledged)
    }
}

extension Failure {
    /// Each download of a message shows another fault.
    fileprivate static func inconsistent(_ last: Failure) -> Failure {
        Failure(
            service: .mesh,
            kind: .transient,
            type: "inconsistent_downloads",
            message: "Several downloads of the message each showed another fault; the last one: \(last.wording)",
            advice:
                "The next run tries again. Something between here and MESH may damage answers: ask those who run the network."
        )
    }
}
