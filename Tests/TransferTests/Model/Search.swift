/// Visits every state that a model can reach, the nearest first.
struct Search {
    /// What was found.
    struct Result {
        var states = 0
        var steps = 0
        /// Ways from the beginning to a state that allows no step.
        var histories = 0.0
        /// The first broken promise, and a shortest history that breaks it.
        var violation: (kind: Violation, history: [Event])?
    }

    #if DEBUG
        /// Without optimisation a search of millions of states takes many minutes.
        static let isFast = false
    #else
        static let isFast = true
    #endif

    private let model: Model
    private var states: ContiguousArray<WorldState> = []
    private var parents: ContiguousArray<UInt32> = []
    /// The states that each state leads to, one state's after the other's.
    private var edges: ContiguousArray<UInt32> = []
    private var firstEdges: ContiguousArray<UInt32> = [0]
    private var table: ContiguousArray<UInt32>

    private init(_ model: Model) {
        self.model = model
        table = ContiguousArray(repeating: .max, count: 1 << 12)
    }

    static func run(_ model: Model, faults: Int) -> Result {
        var search = Search(model)
        return search.run(from: model.start(faults: faults))
    }

    private mutating func run(from start: WorldState) -> Result {
        _ = index(of: start, from: 0)
        var next = 0
        while next < states.count {
            let state = states[next]
            if let violation = state.violation {
                return Result(states: states.count, steps: edges.count, violation: (violation, history(to: next)))
            }
            model.successors(state) { successor, _ in
                edges.append(index(of: successor, from: UInt32(next)))
            }
            firstEdges.append(UInt32(edges.count))
            next += 1
        }
        return Result(states: states.count, steps: edges.count, histories: histories())
    }

    /// The number of a state, a new one if it is new.
    private mutating func index(of state: WorldState, from parent: UInt32) -> UInt32 {
        var slot = state.mixed & (table.count - 1)
        while table[slot] != .max {
            if states[Int(table[slot])] == state { return table[slot] }
            slot = (slot + 1) & (table.count - 1)
        }
        let index = UInt32(states.count)
        table[slot] = index
        states.append(state)
        parents.append(parent)
        if states.count * 2 > table.count { grow() }
        return index
    }

    private mutating func grow() {
        let size = table.count * 2
        table = ContiguousArray(repeating: .max, count: size)
        for index in states.indices {
            var slot = states[index].mixed & (size - 1)
            while table[slot] != .max { slot = (slot + 1) & (size - 1) }
            table[slot] = UInt32(index)
        }
    }

    private func history(to end: Int) -> [Event] {
        var path = [end]
        while path.last! != 0 { path.append(Int(parents[path.last!])) }
        path.reverse()
        return zip(path, path.dropFirst()).map { from, to in
            var step: Event?
            model.successors(states[from]) { successor, event in
                if step == nil, successor == states[to] { step = event }
            }
            return step!
        }
    }

    /// Counts the ways along the edges, which never lead back.
    private func histories() -> Double {
        var incoming = [UInt32](repeating: 0, count: states.count)
        for edge in edges { incoming[Int(edge)] += 1 }
        var ways = [Double](repeating: 0, count: states.count)
        ways[0] = 1
        var ready = [0]
        var (ended, done) = (0.0, 0)
        while let state = ready.popLast() {
            done += 1
            let own = edges[Int(firstEdges[state])..<Int(firstEdges[state + 1])]
            if own.isEmpty { ended += ways[state] }
            for edge in own.map(Int.init) {
                ways[edge] += ways[state]
                incoming[edge] -= 1
                if incoming[edge] == 0 { ready.append(edge) }
            }
        }
        precondition(done == states.count, "a history goes on for ever")
        return ended
    }
}

extension WorldState {
    fileprivate var mixed: Int {
        withUnsafeBytes(of: self) { bytes in
            var hash: UInt64 = 0x9e37_79b9_7f4a_7c15
            for offset in stride(from: 0, to: bytes.count, by: 8) {
                hash ^= bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                hash = (hash &* 0xff51_afd7_ed55_8ccd)
                hash ^= hash >> 32
            }
            return Int(truncatingIfNeeded: hash >> 1)
        }
    }
}
