/// Gives messages their times and ordinals, in inbox order. Times never go back within a run, whatever the clock does
/// (design: names sort as the inbox does).
package struct Planner: Sendable {
    /// The ordinals of one second have four digits.
    static let ordinalsPerSecond = 10_000
    /// How far the plans of an earlier run may be ahead of the clock and still be followed: an hour of summer time, and more.
    static let followedAhead: Int64 = 2 * 3600

    private let prefix: String
    private let source: BSOSource
    private let localTime: @Sendable (Int64) -> CivilTime
    private var moment: Int64 = .min
    private var time: CivilTime?
    private var nextOrdinal = 0

    package init(prefix: String, source: BSOSource, localTime: @escaping @Sendable (Int64) -> CivilTime) {
        self.prefix = prefix
        self.source = source
        self.localTime = localTime
    }

    /// Goes on behind what an earlier run planned, where that is of this second, or the clock went back since.
    package mutating func resume(behind journal: Journal, now: Int64) {
        guard let latest = journal.latest else { return }
        let (present, limit) = (localTime(now), localTime(now + Self.followedAhead))
        guard latest.time >= present, latest.time <= limit else { return }
        time = latest.time
        nextOrdinal = latest.ordinal + 1
    }

    /// Plans one message.
    /// - Parameter now: seconds since 1970.
    package mutating func next(_ id: MessageID, now: Int64) -> PlanEntry {
        advance(to: now)
        while nextOrdinal >= Self.ordinalsPerSecond { advance(to: moment + 1) }
        defer { nextOrdinal += 1 }
        return PlanEntry(id: id, time: time!, ordinal: nextOrdinal, prefix: prefix, source: source)
    }

    /// Whether the date in the entry's names is today's.
    package func isOfToday(_ entry: PlanEntry, now: Int64) -> Bool {
        let today = localTime(now)
        return (entry.time.year, entry.time.month, entry.time.day) == (today.year, today.month, today.day)
    }

    private mutating func advance(to now: Int64) {
        guard now > moment else { return }
        moment = now
        let local = localTime(moment)
        if let time, local <= time { return }
        time = local
        nextOrdinal = 0
    }
}

extension Journal {
    /// The last place that was given.
    var latest: (time: CivilTime, ordinal: Int)? {
        records.positions.lazy
            .map { (time: plans[Int(records[$0].plan)].time, ordinal: Int(records[$0].ordinal)) }
            .max { ($0.time, $0.ordinal) < ($1.time, $1.ordinal) }
    }
}
