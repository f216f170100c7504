/// Gives messages their times and ordinals, in inbox order. Times never go back within a run, whatever the clock does
/// (design: names sort as the inbox does).
package struct Planner: Sendable {
    /// The ordinals of one second have four digits.
    static let ordinalsPerSecond = 10_000

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

    /// Plans the messages of one page.
    /// - Parameter now: seconds since 1970.
    package mutating func plan(_ ids: [MessageID], now: Int64) -> [PlanEntry] {
        advance(to: now)
        return ids.map { id in
            while nextOrdinal == Self.ordinalsPerSecond { advance(to: moment + 1) }
            defer { nextOrdinal += 1 }
            return PlanEntry(id: id, time: time!, ordinal: nextOrdinal, prefix: prefix, source: source)
        }
    }

    private mutating func advance(to now: Int64) {
        moment = max(moment, now)
        let local = localTime(moment)
        if let time, local <= time { return }
        time = local
        nextOrdinal = 0
    }
}
