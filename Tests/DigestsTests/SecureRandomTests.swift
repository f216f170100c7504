import Digests
import Testing

@Suite struct SecureRandomTests {
    @Test(arguments: [0, 1, 33, 1000, 1023, 1024, 1025, 5000])
    func givesAsManyBytesAsAskedFor(count: Int) {
        #expect(SecureRandom.bytes(count).count == count)
    }

    @Test func neverRepeatsItself() {
        let drawn = Set((0..<1000).map { _ in SecureRandom.bytes(16) })
        #expect(drawn.count == 1000)
    }

    @Test func neverGivesTheSameToTwoAtOnce() async {
        let drawn = await withTaskGroup(of: [[UInt8]].self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<500).map { _ in SecureRandom.bytes(16) } }
            }
            return await group.reduce(into: Set()) { $0.formUnion($1) }
        }
        #expect(drawn.count == 4000)
    }
}
