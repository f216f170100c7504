/// Lines that wait to be written, in their order.
struct LineQueue {
    /// How many bytes of lines may wait.
    static let limit = 4 << 20
    /// What a line costs beside its own bytes.
    private static let overhead = 64

    private var lines: [[UInt8]] = []
    private var next = 0
    private var size = 0
    private var lostCount = 0

    var isEmpty: Bool { next == lines.count }
    var first: [UInt8]? { isEmpty ? nil : lines[next] }

    /// Appends a line, if there is room. Once a line was lost, all are until the loss is told: so there is one gap.
    /// - Parameter isVital: whether it is taken however many wait.
    mutating func append(_ line: [UInt8], isVital: Bool = false) {
        let cost = line.count + Self.overhead
        guard isVital || lostCount == 0 && size + cost <= Self.limit else {
            lostCount += 1
            return
        }
        lines.append(line)
        size += cost
    }

    /// How many lines were lost since this was last told, once half of the room is free again, or when `isEnd`.
    mutating func takeLostCount(isEnd: Bool = false) -> Int? {
        guard lostCount > 0, isEnd || size <= Self.limit / 2 else { return nil }
        defer { lostCount = 0 }
        return lostCount
    }

    mutating func removeFirst() {
        size -= lines[next].count + Self.overhead
        lines[next] = []
        next += 1
        // Lines that are gone are not kept for long, nor is the rest moved for each of them.
        if next == lines.count {
            lines.removeAll(keepingCapacity: next < 1_024)
            next = 0
        } else if next >= 4_096 {
            lines.removeFirst(next)
            next = 0
        }
    }

    mutating func removeAll() {
        self = LineQueue()
    }
}
