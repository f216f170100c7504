import Blocks
import Digests
import Logging
import Transfer

/// One poll of the mailbox.
struct Poll {
    let settings: Settings
    let services: Services
    let stop: StopRequest
    let log: Logger

    func run(dryRun: Bool) async -> RunOutcome {
        let surroundings = services.surroundings
        let drain = Drain(
            inbox: services.inbox,
            store: services.store,
            journals: services.stateStore,
            pool: BlockPool(capacity: settings.transfer.bufferMemory),
            retrier: Retrier(settings.transfer, surroundings, log),
            options: options(dryRun: dryRun),
            surroundings: surroundings,
            stop: stop,
            log: log
        )
        let summary = await drain.run()
        return RunOutcome(summary, requests: services.requestCount)
    }

    private func options(dryRun: Bool) -> TransferOptions {
        TransferOptions(
            mailbox: settings.mesh.mailboxID,
            runID: SecureRandom.uuid(),
            prefix: settings.blobs.prefix,
            source: settings.blobs.bsoCodeSource,
            reports: settings.blobs.reports,
            invalidMessages: settings.blobs.invalidMessages,
            concurrency: settings.transfer.concurrency,
            deadline: settings.transfer.runDeadline,
            gracePeriod: settings.transfer.gracePeriod,
            isDryRun: dryRun
        )
    }
}

extension Retrier {
    convenience init(_ settings: Settings.Transfer, _ surroundings: Surroundings, _ log: Logger) {
        self.init(
            policy: RetryPolicy(
                attempts: settings.retryAttempts,
                baseDelay: settings.retryBaseDelay,
                maxDelay: settings.retryMaxDelay
            ),
            surroundings: surroundings,
            retried: { failure, delay in
                var fields = failure.fields
                fields["retry.delay_s"] = .stringConvertible(delay)
                log.debug("trying again", metadata: fields)
            }
        )
    }
}
