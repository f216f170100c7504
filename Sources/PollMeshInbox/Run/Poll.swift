import Blocks
import Digests
import Logging
import Transfer

/// One poll of the mailbox.
struct Poll {
    let settings: Settings
    let services: Services
    let stop: StopRequest
    let log: RunLog

    func run(dryRun: Bool) async -> RunOutcome {
        let surroundings = services.surroundings
        let meter = RunMeter(uptime: surroundings.uptime)
        let ledger = RunLedger()
        let limit = RunLimit(
            surroundings,
            stop: stop,
            deadline: settings.transfer.runDeadline,
            gracePeriod: settings.transfer.gracePeriod
        )
        let (shown, showed) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let drain = Drain(
            inbox: MeteredInbox(inbox: services.inbox, meter: meter, showedMessages: { showed.yield() }),
            store: MeteredStore(store: services.store, meter: meter),
            journals: MeteredJournals(journals: services.stateStore, meter: meter),
            pool: BlockPool(capacity: settings.transfer.bufferMemory),
            retrier: Retrier(settings.transfer, surroundings, log) { meter.add($0, to: .wait) },
            options: options(dryRun: dryRun),
            surroundings: surroundings,
            limit: limit,
            log: log.logger,
            audit: log.audit,
            ledger: ledger
        )
        log.lastResort.describe { [services] in
            var summary = ledger.summary
            summary.conclude(deadlinePassed: limit.isPastDeadline, isStopped: limit.isStopped)
            return RunOutcome(
                RunReport(summary: summary, meter: meter, services: services, now: surroundings.now())
            )
        }
        if let deadline = settings.transfer.runDeadline {
            log.lastResort.endElsewhere(after: deadline + LastResort.patience)
        }
        let progress = ProgressReporter(
            ledger: ledger,
            meter: meter,
            log: log,
            surroundings: surroundings,
            showsLine: settings.process.showsProgressLine
        )
        let summary = await withTaskGroup(of: Void.self) { group in
            group.addTask { await progress.run(after: shown) }
            let summary = await drain.run()
            group.cancelAll()
            return summary
        }
        let report = RunReport(summary: summary, meter: meter, services: services, now: surroundings.now())
        if let telemetry = settings.telemetry?.within(limit.remainingForReport), !dryRun {
            await MetricsSender(telemetry: telemetry, settings: settings, surroundings: surroundings, log: log)
                .send(report, over: services)
        }
        return RunOutcome(report)
    }

    private func options(dryRun: Bool) -> TransferOptions {
        TransferOptions(
            mailbox: settings.mesh.mailboxID,
            runID: log.runID,
            prefix: settings.blobs.prefix,
            source: settings.blobs.bsoCodeSource,
            reports: settings.blobs.reports,
            invalidMessages: settings.blobs.invalidMessages,
            concurrency: settings.transfer.concurrency,
            gracePeriod: settings.transfer.gracePeriod,
            isDryRun: dryRun
        )
    }
}

extension Retrier {
    /// - Parameter waited: told of each wait before another try.
    convenience init(
        _ settings: Settings.Transfer,
        _ surroundings: Surroundings,
        _ log: RunLog,
        waited: @escaping @Sendable (Duration) -> Void = { _ in }
    ) {
        self.init(
            policy: RetryPolicy(
                attempts: settings.retryAttempts,
                baseDelay: settings.retryBaseDelay,
                maxDelay: settings.retryMaxDelay
            ),
            surroundings: surroundings,
            retried: { failure, delay in
                waited(delay)
                log.write(.tryingAgain, Self.fields(failure, delay))
            }
        )
    }

    private static func fields(_ failure: Failure, _ delay: Duration) -> Logger.Metadata {
        var fields = failure.fields
        fields["retry.delay_s"] = .stringConvertible(delay)
        if let id = MessageID.current { fields["messaging.message.id"] = "\(id)" }
        return fields
    }
}
