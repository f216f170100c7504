import Digests
import Testing

@Suite struct SecureRandomTests {
    @Test func givesAsManyBytesAsAskedFor() {
        #expect(SecureRandom.bytes(0).isEmpty)
        #expect(SecureRandom.bytes(33).count == 33)
    }

    @Test func neverRepeatsItself() {
        let drawn = Set((0..<1000).map { _ in SecureRandom.bytes(16) })
        #expect(drawn.count == 1000)
    }
}
