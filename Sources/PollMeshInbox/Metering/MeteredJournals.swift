import Transfer

/// A place of journals whose every call is measured.
struct MeteredJournals: JournalStore {
    let journals: any JournalStore
    let meter: RunMeter

    func takeJournal(
        of mailbox: String,
        holder: String,
        _ attempt: Attempt
    ) async throws(Failure) -> (any HeldJournal)? {
        let start = meter.now
        defer { meter.add(.lease, since: start) }
        let held = try await journals.takeJournal(of: mailbox, holder: holder, attempt)
        return held.map { MeteredHeldJournal(journal: $0, meter: meter) }
    }
}

private struct MeteredHeldJournal: HeldJournal {
    let journal: any HeldJournal
    let meter: RunMeter

    var name: BlobName { journal.name }
    var leaseDuration: Duration? { journal.leaseDuration }

    func read(_ attempt: Attempt) async throws(Failure) -> [UInt8] {
        let start = meter.now
        defer { meter.add(.journal, since: start) }
        return try await journal.read(attempt)
    }

    func write(_ content: [UInt8], _ attempt: Attempt) async throws(Failure) {
        let start = meter.now
        defer { meter.add(.journal, since: start) }
        try await journal.write(content, attempt)
    }

    func renew(_ attempt: Attempt) async throws(Failure) {
        let start = meter.now
        defer { meter.add(.lease, since: start) }
        try await journal.renew(attempt)
    }

    func release(_ attempt: Attempt) async throws(Failure) {
        let start = meter.now
        defer { meter.add(.lease, since: start) }
        try await journal.release(attempt)
    }
}
