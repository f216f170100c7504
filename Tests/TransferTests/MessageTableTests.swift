import Testing

@testable import Transfer

struct MessageTableTests {
    /// Ids like those of MESH, short ones, long ones, one within another.
    private static func id(_ number: Int) -> MessageID {
        switch number % 4 {
        case 0: MessageID("20261123150000\(100_000 + number)_A1")
        case 1: MessageID("\(number)")
        case 2: MessageID("\(number)é")
        default: MessageID("\(number)" + String(repeating: "x", count: number % 500))
        }
    }

    private func table(_ numbers: some Sequence<Int>) -> MessageTable<Int> {
        var table = MessageTable<Int>()
        for number in numbers { table.insert(number, for: Self.id(number)) }
        return table
    }

    @Test func findsWhatCameAndNothingElse() {
        let table = table(0..<5000)
        #expect(table.count == 5000)
        for number in 0..<5000 { #expect(table[Self.id(number)] == number) }
        for number in 5000..<9000 { #expect(table.position(of: Self.id(number)) == nil) }
    }

    @Test func keepsTheOrder() {
        var generator = SystemRandomNumberGenerator()
        let numbers = (0..<3000).shuffled(using: &generator)
        let table = table(numbers)
        #expect(table.positions.map { table[$0] } == numbers)
        #expect(table.positions.map { table.id(at: $0) } == numbers.map(Self.id))
        #expect(table.positions.map { table.length(at: $0) } == numbers.map { Self.id($0).text.utf8.count })
    }

    @Test(arguments: [0, 3, 1023, 1024, 1025])
    func keepsTheFirstOfTwoEntries(count: Int) {
        var table = table(0..<count)
        let answers = [-1, -2].map { table.insert($0, for: MessageID("twice")) }
        #expect(answers == [true, false])
        #expect(table[MessageID("twice")] == -1)
        #expect(table.count == count + 1)
    }

    @Test func changesValuesInPlace() {
        var table = table(0..<2000)
        let copy = table
        for position in table.positions { table[position] *= 2 }
        for number in 0..<2000 {
            #expect(table[Self.id(number)] == number * 2)
            #expect(copy[Self.id(number)] == number)
        }
    }

    @Test func tellsIdsApartByTheirBytes() {
        var table = MessageTable<Int>()
        // The same text to a reader, and to Swift's ==.
        for (value, text) in ["caf\u{e9}", "cafe\u{301}", "", "a", "aa"].enumerated() {
            table.insert(value, for: MessageID(text))
        }
        #expect(table.count == 5)
        #expect(table[MessageID("cafe\u{301}")] == 1)
        #expect(table[MessageID("")] == 2)
        #expect(table[MessageID("aa")] == 4)
        #expect(table[MessageID("aaa")] == nil)
    }

    @Test func isEqualInWhateverOrder() {
        let (forth, back) = (table(0..<1500), table((0..<1500).reversed()))
        #expect(forth == back)
        #expect(forth.hashValue == back.hashValue)
        var other = back
        other[7] += 1
        #expect(forth != other)
        #expect(forth != table(0..<1499))
        #expect(forth != table(1..<1501))
        #expect(table([]) == MessageTable())
    }
}
