import Synchronization

/// What storage may still do after a request was cut: how late that can be, and whether it is to be reckoned with.
///
/// A request whose answer did not come may be carried out all the same. No service says how late; this is the assumption that
/// everything here is built on (docs/reliability.md, "What it rests on").
final class LateEffects: Sendable {
    /// How long after a request was cut storage may carry it out.
    static let longest = Duration.seconds(15)

    private let open = Atomic(false)

    /// Whether a creating request of this run ended without an answer that settles it: the lease must then not be released, so
    /// that the next run begins when it can't take effect any more.
    var areOpen: Bool { open.load(ordering: .relaxed) }

    func leaveOpen() {
        open.store(true, ordering: .relaxed)
    }
}

/// The tries of one creating request.
struct CreationTries {
    /// When the last try was cut whose outcome nobody knows, by an uptime.
    private(set) var cutAt: Duration?
    private var unsettled = 0

    /// - Parameter now: an uptime.
    mutating func failed(_ failure: Failure, now: Duration) {
        guard failure.mayTakeEffect else { return }
        cutAt = now
        unsettled += 1
    }

    /// Until when a try that was cut may still create the blob anew, once a consumer has taken away the one that is there.
    /// - Parameter wasFound: whether the blob was there already, so that one of the tries that were cut has made it.
    func settledAt(wasFound: Bool) -> Duration? {
        guard unsettled > (wasFound ? 1 : 0) else { return nil }
        return cutAt.map { $0 + LateEffects.longest }
    }
}
