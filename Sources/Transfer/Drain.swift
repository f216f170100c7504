package import Blocks
package import Logging

/// One run: takes the journal, lists the inbox until it shows nothing new, and moves every message that it shows.
package struct Drain: Sendable {
    let inbox: any Inbox
    let store: any BlobStore
    let journals: any JournalStore
    let pool: BlockPool
    let retrier: Retrier
    let options: TransferOptions
    let surroundings: Surroundings
    let limit: RunLimit
    let log: Logger
    let audit: AuditTrail
    let ledger: RunLedger

    package init(
        inbox: any Inbox,
        store: any BlobStore,
        journals: any JournalStore,
        pool: BlockPool,
        retrier: Retrier,
        options: TransferOptions,
        surroundings: Surroundings,
        limit: RunLimit,
        log: Logger,
        audit: AuditTrail? = nil,
        ledger: RunLedger = RunLedger()
    ) {
        self.inbox = inbox
        self.store = store
        self.journals = journals
        self.pool = pool
        self.retrier = retrier
        self.options = options
        self.surroundings = surroundings
        self.limit = limit
        self.log = log
        self.audit = audit ?? { log.write($0, $1.fields) }
        self.ledger = ledger
    }

    /// Runs until the inbox is drained, a stop is asked for, the deadline has come, or one side is down.
    package func run() async -> RunSummary {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await runPhases(ledger) }
            group.addTask { await sayWhenStopped() }
            group.addTask { await limit.waitToCancel() }
            // The first to end is the run itself, or its time.
            while await group.next() != nil, !ledger.isOver, !limit.mustCancel {}
            group.cancelAll()
        }
        var summary = ledger.summary
        summary.retries = retrier.retryCount
        summary.conclude(deadlinePassed: limit.isPastDeadline, isStopped: limit.isStopped)
        if let failure = summary.failure, summary.outcome != .locked {
            log.write(.runEndedEarly, failure.fields)
        }
        return summary
    }

    private func sayWhenStopped() async {
        await limit.waitForStop()
        if Task.isCancelled { return }
        log.write(.stopAskedFor, ["grace_period_s": .stringConvertible(options.gracePeriod)])
    }

    private func runPhases(_ ledger: RunLedger) async {
        defer { ledger.over() }
        do throws(Failure) {
            try await retrier.run { _ async throws(Failure) in try await inbox.handshake() }
            // An empty inbox costs no request to storage.
            guard try await showsMessages(), !limit.isStopped else { return }
            if options.isDryRun {
                let keeper = JournalKeeper(Journal(), planner: planner, held: nil, lease: nil, retrier: retrier)
                try await MessageRun(self, keeper, ledger).drain()
            } else {
                try await retrier.run { attempt async throws(Failure) in try await store.prepare(attempt) }
                try await drainUnderLease(ledger)
            }
        } catch {
            // Nobody asked for an end: the run's time was over.
            ledger.broke(error.kind == .cancelled && !limit.isStopped ? .deadlineExceeded(error.service) : error)
        }
    }

    private var planner: Planner {
        Planner(prefix: options.prefix, source: options.source, localTime: surroundings.localTime)
    }

    private func showsMessages() async throws(Failure) -> Bool {
        var walk = ListingWalk(inbox: inbox, retrier: retrier)
        while !limit.isReached, let ids = try await walk.nextPage() {
            if ids.isEmpty {
                try walk.sawNothingNew()
                continue
            }
            ledger.shows(ids, of: walk.approximateCount)
            return true
        }
        ledger.shows([], of: nil)
        return false
    }

    private func drainUnderLease(_ ledger: RunLedger) async throws(Failure) {
        let (held, takenAt) = try await takeJournal()
        let lease = Lease(held, takenAt: takenAt, retrier: retrier, surroundings: surroundings)
        let keeper: JournalKeeper
        do throws(Failure) {
            let journal = try await read(held)
            var planner = planner
            planner.resume(behind: journal, now: surroundings.now())
            keeper = JournalKeeper(journal, planner: planner, held: held, lease: lease, retrier: retrier)
        } catch {
            await release(held)
            throw error
        }
        let messages = MessageRun(self, keeper, ledger)
        let failure = await withTaskGroup(of: Failure?.self) { group in
            if let duration = lease.duration {
                group.addTask { await lease.keep(duration) }
            }
            group.addTask {
                do throws(Failure) {
                    try await messages.drain()
                    return nil
                } catch {
                    return error
                }
            }
            // Either the messages come to an end, or the lease does, and then nothing more may be done.
            let first = await group.next() ?? nil
            group.cancelAll()
            let second = await group.next() ?? nil
            return first ?? second
        }
        try await end(keeper, held, after: failure)
    }

    /// Writes the journal and lets go of the lease, unless that is somebody else's by now. What ended the run has cancelled its
    /// tasks; this is another one, and ends at the run's limit all the same.
    private func end(_ keeper: JournalKeeper, _ held: any HeldJournal, after failure: Failure?) async throws(Failure) {
        let ending = Task { () async -> Failure? in
            await withTaskGroup(of: Failure?.self) { group in
                group.addTask { await writeAndRelease(keeper, held) }
                group.addTask {
                    await limit.waitToGiveUp()
                    return .outOfTime
                }
                let first = await group.next() ?? nil
                group.cancelAll()
                return first
            }
        }
        let unwritten = await ending.value
        if let failure = failure ?? unwritten { throw failure }
    }

    private func writeAndRelease(_ keeper: JournalKeeper, _ held: any HeldJournal) async -> Failure? {
        do throws(Failure) {
            try keeper.checkLease()
            try await keeper.write()
        } catch {
            // What is not noted is found again by the next run.
            return error
        }
        if keeper.lateEffects.areOpen {
            log.write(.leaseLeft, ["blob.name": "\(held.name)"])
        } else {
            await release(held)
        }
        return nil
    }

    private func release(_ held: any HeldJournal) async {
        do throws(Failure) {
            try await held.release(retrier.nextAttempt())
        } catch {
            log.write(.leaseNotReleased, error.fields)
        }
    }

    private func read(_ held: any HeldJournal) async throws(Failure) -> Journal {
        let content = try await retrier.run { attempt async throws(Failure) in try await held.read(attempt) }
        do throws(JournalDamage) {
            return try Journal(json: content)
        } catch {
            throw Failure(
                service: .storage,
                kind: .settings,
                type: "journal_unreadable",
                message: "The journal \(held.name) can't be read: \(error.reason).",
                advice:
                    "Restore it from soft delete, or move it away when no message of this mailbox was stored and not acknowledged."
            )
        }
    }

    /// Takes the lease, waiting for that of a run that was killed to run out.
    /// - Returns: the journal, and when its lease was asked for.
    private func takeJournal() async throws(Failure) -> (any HeldJournal, Duration) {
        let until = surroundings.uptime() + options.lockPatience
        while true {
            let asked = surroundings.uptime()
            let held = try await retrier.run { attempt async throws(Failure) in
                try await journals.takeJournal(of: options.mailbox, holder: options.runID, attempt)
            }
            if let held { return (held, asked) }
            guard surroundings.uptime() < until, !limit.isReached else { throw .locked(options.mailbox) }
            do {
                try await surroundings.sleep(TransferOptions.lockInterval)
            } catch {
                throw .cancelled
            }
        }
    }
}

extension Failure {
    fileprivate static func deadlineExceeded(_ service: Service) -> Failure {
        Failure(
            service: service,
            kind: .transient,
            type: "deadline_exceeded",
            message: "The run's time was over while it waited for \(service == .mesh ? "MESH" : "storage").",
            advice: "Find out why \(service == .mesh ? "MESH" : "storage") takes so long, or raise RUN_DEADLINE."
        )
    }

    fileprivate static let outOfTime = Failure(
        service: .storage,
        kind: .transient,
        type: "out_of_time",
        message: "The run's time was over before the journal was written.",
        advice: "Nothing is lost: the next run looks for what this one has stored."
    )

    fileprivate static func locked(_ mailbox: String) -> Failure {
        Failure(
            service: .storage,
            kind: .locked,
            type: "locked",
            message: "Another run holds the journal of mailbox \(mailbox).",
            advice: "It is alive, and this run leaves the inbox to it."
        )
    }
}
