import Synchronization

/// When a run has to be over, whatever it waits for: at its deadline, or when the grace period after a stop has passed.
///
/// Everything under way is cancelled a little before, so that the journal can still be written and the lease released; that in turn
/// is given up a little later. Every wait in a run ends when its task is cancelled.
package final class RunLimit: Sendable {
    private let surroundings: Surroundings
    private let stop: StopRequest
    private let gracePeriod: Duration
    // By the surroundings' uptime.
    private let start: Duration
    private let deadline: Duration?
    private let startsUntil: Duration?
    private let stopNoticed = Mutex<Duration?>(nil)

    /// What the end of a run may take after its limit: the summary comes right behind.
    static let overtime = Duration.milliseconds(300)

    /// - Parameters:
    ///   - deadline: how long the run may take, from now on.
    ///   - gracePeriod: how long what is in flight may take to finish after a stop.
    package init(_ surroundings: Surroundings, stop: StopRequest, deadline: Duration?, gracePeriod: Duration) {
        self.surroundings = surroundings
        self.stop = stop
        self.gracePeriod = gracePeriod
        let start = surroundings.uptime()
        self.start = start
        self.deadline = deadline.map { start + $0 }
        // The last messages have as long to finish as after a stop, but never more than half of the run.
        startsUntil = deadline.map { start + $0 - min(gracePeriod, $0 / 2) }
    }

    package var isStopped: Bool { stop.isMade }

    /// Whether nothing more may be started.
    package var isReached: Bool {
        stop.isMade || startsUntil.map { surroundings.uptime() >= $0 } ?? false
    }

    /// Whether the run's time was up.
    package var isPastDeadline: Bool {
        startsUntil.map { surroundings.uptime() >= $0 } ?? false
    }

    /// By the surroundings' uptime; `nil` as long as there is no limit.
    private var end: Duration? {
        let stopped = stopNoticed.withLock { noticed -> Duration? in
            if noticed == nil, stop.isMade { noticed = surroundings.uptime() }
            return noticed.map { $0 + gracePeriod }
        }
        return [stopped, deadline].compactMap { $0 }.min()
    }

    /// How much of the time is left for what comes after the run itself; `nil` without a limit.
    package var remainingForReport: Duration? {
        end.map { max(.zero, $0 + Self.overtime * 2 - surroundings.uptime()) }
    }

    /// Returns when a stop is asked for, or the task is cancelled.
    func waitForStop() async {
        await stop.wait()
    }

    /// Returns when everything in flight has to be cancelled, or the task is.
    func waitToCancel() async {
        await wait(until: cancellation)
    }

    var mustCancel: Bool {
        end.map { cancellation($0) <= surroundings.uptime() } ?? false
    }

    /// What is left then is for the journal and the lease.
    private func cancellation(_ end: Duration) -> Duration {
        end - min(.seconds(1), length / 4)
    }

    /// Returns when the end of the run is given up too, or the task is cancelled.
    func waitToGiveUp() async {
        await wait { $0 + Self.overtime }
    }

    /// The shortest time that a limit gives.
    private var length: Duration {
        min(gracePeriod, deadline.map { $0 - start } ?? gracePeriod)
    }

    private func wait(until moment: (Duration) -> Duration) async {
        while !Task.isCancelled {
            let limit = end.map(moment)
            if let limit, limit <= surroundings.uptime() { return }
            let isStopped = stop.isMade
            await withTaskGroup(of: Void.self) { group in
                if let limit {
                    group.addTask { [surroundings] in
                        try? await surroundings.sleep(limit - surroundings.uptime())
                    }
                }
                // A stop can bring the limit closer.
                if !isStopped { group.addTask { [stop] in await stop.wait() } }
                await group.next()
                group.cancelAll()
            }
        }
    }
}
