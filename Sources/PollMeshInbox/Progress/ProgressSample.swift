/// How far a run had come at one moment.
struct ProgressSample: Sendable, Equatable {
    /// Since the start of the run.
    var time: Duration
    /// Messages that came to an end, one way or another.
    var done: Int
    /// Messages that are known of.
    var known: Int
    /// Bytes of content that came.
    var bytes: UInt64
}

/// How fast a run goes, by its last samples.
struct ProgressRate: Sendable {
    /// The samples that count.
    static let window = 10

    private var samples: [ProgressSample] = []

    var last: ProgressSample? { samples.last }

    mutating func add(_ sample: ProgressSample) {
        samples.append(sample)
        if samples.count > Self.window { samples.removeFirst() }
    }

    var messagesPerSecond: Double { perSecond { Double($0.done) } }
    var bytesPerSecond: Double { perSecond { Double($0.bytes) } }

    /// The seconds until all known messages have come to an end, if they go on as the last ones did.
    var secondsLeft: Double? {
        guard let last, messagesPerSecond > 0 else { return nil }
        return Double(last.known - last.done) / messagesPerSecond
    }

    private func perSecond(_ value: (ProgressSample) -> Double) -> Double {
        guard let first = samples.first, let last, last.time > first.time else { return 0 }
        return (value(last) - value(first)) / ((last.time - first.time) / .seconds(1))
    }
}
