import Synchronization

/// Random numbers that a seed repeats (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Small random delays of a server.
final class Delays: Sendable {
    private let generator: Mutex<SeededGenerator>

    init(seed: UInt64) {
        generator = Mutex(SeededGenerator(seed: seed))
    }

    func pause() async {
        let milliseconds = generator.withLock { Int.random(in: 0...15, using: &$0) }
        try? await Task.sleep(for: .milliseconds(milliseconds))
    }
}

/// A number that several tasks add to.
final class Count: Sendable {
    private let number = Atomic(0)

    var value: Int { number.load(ordering: .relaxed) }

    /// - Returns: the new value.
    @discardableResult
    func add(_ amount: Int = 1) -> Int { number.wrappingAdd(amount, ordering: .relaxed).newValue }
}
