/// Makes inputs out of a target's seeds. The n-th input follows from the seed and n alone, so that it can be made again.
package struct Mutator {
    private let target: FuzzTarget
    private let seed: UInt64

    package init(_ target: FuzzTarget, seed: UInt64) {
        self.target = target
        self.seed = seed
    }

    private static let limit = 4_096

    /// The n-th input: the seeds themselves come first.
    package func input(_ number: Int) -> [UInt8] {
        if target.seeds.indices.contains(number) { return target.seeds[number] }
        var random = Numbers(state: seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(number))
        // One of fifty is nothing but noise.
        if random.below(50) == 0 { return (0..<random.below(64)).map { _ in UInt8(random.below(256)) } }
        var input = target.seeds[random.below(target.seeds.count)]
        for _ in 0...random.below(random.below(4) == 0 ? 24 : 5) {
            change(&input, &random)
        }
        return Array(input.prefix(Self.limit))
    }

    private func change(_ input: inout [UInt8], _ random: inout Numbers) {
        let place = random.below(input.count + 1)
        let end = min(input.count, place + random.below(random.below(3) == 0 ? 64 : 6))
        switch random.below(10) {
        case 0 where place < input.count: input[place] ^= 1 << UInt8(random.below(8))
        case 1 where place < input.count: input[place] = UInt8(random.below(256))
        case 2 where place < input.count: input[place] = Self.marks[random.below(Self.marks.count)]
        case 3: input.removeSubrange(place..<end)
        case 4: input.insert(contentsOf: input[place..<end], at: random.below(input.count + 1))
        case 5: input.insert(contentsOf: (0..<random.below(8)).map { _ in UInt8(random.below(256)) }, at: place)
        case 6: input.removeSubrange(place...)
        case 7:
            let other = target.seeds[random.below(target.seeds.count)]
            input = Array(input[..<place] + other[random.below(other.count + 1)...])
        case 8: changeNumber(&input, place, &random)
        default:
            guard !target.words.isEmpty else { return }
            let word = target.words[random.below(target.words.count)]
            if random.below(2) == 0 {
                input.insert(contentsOf: word, at: place)
            } else {
                input.replaceSubrange(place..<end, with: word)
            }
        }
    }

    /// Puts another number in place of the next one.
    private func changeNumber(_ input: inout [UInt8], _ place: Int, _ random: inout Numbers) {
        let isDigit = { (byte: UInt8) in (48...57).contains(byte) }
        guard let start = input[place...].firstIndex(where: isDigit) else { return }
        let end = input[start...].firstIndex { !isDigit($0) } ?? input.endIndex
        let number = Self.numbers[random.below(Self.numbers.count)]
        input.replaceSubrange(start..<end, with: Array(number.utf8))
    }

    private static let marks = Array(" \t\r\n\0:;,=\"'\\/%&?#@[]{}<>-+.0129AZaz".utf8) + [0x7f, 0x80, 0xc3, 0xff]

    private static let numbers = [
        "0", "-1", "00", "1", "31", "60", "127", "255", "999", "1000", "32768", "65535", "65536", "2147483647",
        "2147483648", "4294967296", "9223372036854775807", "9223372036854775808", "18446744073709551615",
        "99999999999999999999", "1e9", "0x10", "1.5",
    ]

    /// SplitMix64.
    private struct Numbers {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }

        mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(1, limit))) }
    }
}
