/// Whether a transfer goes on fast enough, over its whole time: a peer that sends a byte now and then never stands still.
struct TransferPace {
    /// The bytes a second that a transfer has to reach on the average, both ways together.
    static let minimumRate = 1024
    /// How many stall limits a transfer may take before its average counts.
    static let headStart = 2

    private let headStart: Duration
    /// Time in which the transfer could have gone on.
    private var spent = Duration.zero

    init(_ configuration: ClientConfiguration) {
        headStart = configuration.stallTimeout * Self.headStart
    }

    var spentSeconds: Int64 { spent.components.seconds }

    /// - Parameters:
    ///   - time: since the last call.
    ///   - bytes: of content that went and came so far.
    mutating func isTooSlow(after time: Duration, bytes: Int) -> Bool {
        spent += time
        return spent > headStart + .seconds(bytes / Self.minimumRate)
    }
}
