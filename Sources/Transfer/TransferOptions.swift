/// How a run treats what it finds.
package struct TransferOptions: Sendable {
    /// What happens to reports on messages that this mailbox sent.
    package enum Reports: String, Sendable, CaseIterable {
        case store
        case leave
    }

    package var prefix: String
    package var source: BSOSource
    package var reports: Reports
    /// Messages in flight.
    package var concurrency: Int
    /// No message is started later than this after the start of the run.
    package var deadline: Duration?
    /// Lists and downloads; stores and acknowledges nothing.
    package var isDryRun: Bool

    package init(
        prefix: String = "",
        source: BSOSource = .messageID,
        reports: Reports = .store,
        concurrency: Int = 16,
        deadline: Duration? = nil,
        isDryRun: Bool = false
    ) {
        self.prefix = prefix
        self.source = source
        self.reports = reports
        self.concurrency = concurrency
        self.deadline = deadline
        self.isDryRun = isDryRun
    }
}
