/// A message that waits to be moved.
struct Turn: Sendable {
    let assignment: Assignment
    /// Its place in inbox order over the run.
    let place: Int
    /// Whether the plain name is its own, where that is decided already.
    var hasPlainName: Bool?
    /// Whether it is tried to find out whether a service is down.
    var isSample = false
}

/// The messages of a walk that wait for their turn, in inbox order.
///
/// While a service is suspected, only samples are given out, spread over each page and its last message first. What they pass
/// over keeps its place, and comes when the suspicion is gone or every page was sampled.
struct MessageQueue {
    /// Earlier pages' messages that the samples passed over.
    private var passedOver: [Turn] = []
    private var page: [Turn] = []
    /// The first of the page that is not given out yet, where the samples have not begun.
    private var next = 0
    private var taken: Set<Int> = []
    /// The places on the page that are to be sampled; `nil` where the samples have not begun.
    private var samples: ArraySlice<Int>?

    /// Adds the next page; what is left of the one before was passed over.
    mutating func add(_ turns: [Turn]) {
        passedOver += rest
        begin(turns)
    }

    /// The message whose turn it is.
    /// - Parameter sampling: how many of a page of so many messages are to be tried, while only samples are.
    /// - Returns: `nil` when there is none before the next page.
    mutating func takeNext(sampling: ((Int) -> Int)?) -> Turn? {
        guard let sampling else {
            if samples != nil || !passedOver.isEmpty { begin(removeAll()) }
            guard next < page.count else { return nil }
            next += 1
            return page[next - 1]
        }
        if samples == nil {
            begin(Array(page[next...]))
            samples = Self.spread(count: sampling(page.count), over: page.count)[...]
        }
        guard let place = samples?.popFirst() else { return nil }
        taken.insert(place)
        next += taken.count == page.count ? page.count : 0
        var turn = page[place]
        turn.isSample = true
        return turn
    }

    /// Whether a message may have its turn before the next page comes.
    func hasNext(isSampling: Bool) -> Bool {
        if let samples, isSampling { return !samples.isEmpty }
        return next < page.count || !isSampling && !passedOver.isEmpty
    }

    /// Whether samples of the page were begun with.
    var isSampled: Bool { samples != nil }

    /// Changes all that wait for their turn on the page.
    mutating func updatePage(_ change: (inout Turn) -> Void) {
        for index in next..<page.count { change(&page[index]) }
    }

    /// All that wait, in inbox order.
    mutating func removeAll() -> [Turn] {
        let all = passedOver + rest
        passedOver = []
        begin([])
        return all
    }

    private var rest: [Turn] {
        guard samples != nil else { return Array(page[next...]) }
        return page.indices.filter { !taken.contains($0) }.map { page[$0] }
    }

    private mutating func begin(_ turns: [Turn]) {
        page = turns
        next = 0
        taken = []
        samples = nil
    }

    /// Places in `0..<length`, the last first, of which any number from the start is spread evenly (van der Corput's sequence).
    static func spread(count: Int, over length: Int) -> [Int] {
        var seen: Set<Int> = []
        var places: [Int] = []
        var step = 0
        while places.count < min(count, length) {
            let place = length - 1 - Int(reversedFraction(step) * Double(length))
            if seen.insert(place).inserted { places.append(place) }
            step += 1
        }
        return places
    }

    /// The binary digits of a number behind the point, in reverse: 1 is 0.5, 2 is 0.25, 3 is 0.75.
    private static func reversedFraction(_ number: Int) -> Double {
        var (rest, digit, fraction) = (number, 0.5, 0.0)
        while rest > 0 {
            if rest & 1 == 1 { fraction += digit }
            rest >>= 1
            digit /= 2
        }
        return fraction
    }
}
