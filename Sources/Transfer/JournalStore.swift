/// Where the journals of mailboxes are kept, each under a lease that one run holds at a time. Every call is one attempt.
package protocol JournalStore: Sendable {
    /// Takes the lease of a mailbox's journal, creating an empty journal where there is none.
    /// - Parameters:
    ///   - mailbox: its id.
    ///   - holder: a UUID of this run; taking the lease again under it succeeds.
    /// - Returns: `nil` while another run holds it.
    func takeJournal(
        of mailbox: String,
        holder: String,
        _ attempt: Attempt
    ) async throws(Failure) -> (any HeldJournal)?
}

/// A journal whose lease is held.
package protocol HeldJournal: Sendable {
    /// What an operator would look for.
    var name: BlobName { get }

    /// How long the lease holds after it was taken or renewed; `nil` if it ends with the process.
    var leaseDuration: Duration? { get }

    /// The whole content; nothing at all for a new journal.
    func read(_ attempt: Attempt) async throws(Failure) -> [UInt8]

    /// Replaces the content, under the lease and only if nobody else wrote it since; else fails with ``Failure/Kind/lease``.
    func write(_ content: [UInt8], _ attempt: Attempt) async throws(Failure)

    /// Starts the lease's time anew; fails with ``Failure/Kind/lease`` when it was lost.
    func renew(_ attempt: Attempt) async throws(Failure)

    /// Lets the next run take it at once.
    func release(_ attempt: Attempt) async throws(Failure)
}
