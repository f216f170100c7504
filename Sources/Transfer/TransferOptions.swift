/// How a run treats what it finds.
package struct TransferOptions: Sendable {
    /// How often the lease is asked for while another run holds it.
    static let lockInterval = Duration.seconds(3)

    /// What happens to reports on messages that this mailbox sent.
    package enum Reports: String, Sendable, CaseIterable {
        case store
        case leave
    }

    /// What happens to malformed messages.
    package enum InvalidMessages: String, Sendable, CaseIterable {
        /// They stay in the inbox.
        case skip
        /// They are stored as they came, apart from the others, and acknowledged.
        case quarantine
    }

    /// Its id, which the journal is named for.
    package var mailbox: String
    /// A UUID of this run, under which it takes the journal's lease.
    package var runID: String
    package var prefix: String
    package var source: BSOSource
    package var reports: Reports
    package var invalidMessages: InvalidMessages
    /// Messages in flight.
    package var concurrency: Int
    /// How long messages in flight may take to finish after a stop.
    package var gracePeriod: Duration
    /// How long another run's lease is waited for: that of a run that was killed ends within 60 seconds.
    package var lockPatience: Duration
    /// Lists and downloads; stores and acknowledges nothing.
    package var isDryRun: Bool

    package init(
        mailbox: String,
        runID: String,
        prefix: String = "",
        source: BSOSource = .messageID,
        reports: Reports = .store,
        invalidMessages: InvalidMessages = .skip,
        concurrency: Int = 16,
        gracePeriod: Duration = .seconds(20),
        lockPatience: Duration = .seconds(75),
        isDryRun: Bool = false
    ) {
        self.mailbox = mailbox
        self.runID = runID
        self.prefix = prefix
        self.source = source
        self.reports = reports
        self.invalidMessages = invalidMessages
        self.concurrency = concurrency
        self.gracePeriod = gracePeriod
        self.lockPatience = lockPatience
        self.isDryRun = isDryRun
    }
}
