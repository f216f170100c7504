import Digests
import Testing

/// The test cases of RFC 4231, section 4 (case 5, a truncated code, aside).
@Suite struct HMACSHA256Tests {
    struct Case: Sendable {
        var key: [UInt8]
        var message: [UInt8]
        var code: String
    }

    static let cases = [
        Case(
            key: [UInt8](repeating: 0x0b, count: 20),
            message: [UInt8]("Hi There".utf8),
            code: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        Case(
            key: [UInt8]("Jefe".utf8),
            message: [UInt8]("what do ya want for nothing?".utf8),
            code: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        Case(
            key: [UInt8](repeating: 0xaa, count: 20),
            message: [UInt8](repeating: 0xdd, count: 50),
            code: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        Case(
            key: [UInt8](1...25),
            message: [UInt8](repeating: 0xcd, count: 50),
            code: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
        Case(
            key: [UInt8](repeating: 0xaa, count: 131),
            message: [UInt8]("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            code: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        Case(
            key: [UInt8](repeating: 0xaa, count: 131),
            message: [UInt8](
                ("This is a test using a larger than block-size key and a larger than block-size data. "
                    + "The key needs to be hashed before being used by the HMAC algorithm.").utf8
            ),
            code: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
        ),
    ]

    @Test(arguments: cases)
    func authenticatesThePublishedMessages(example: Case) {
        #expect(HMACSHA256(key: example.key).authenticate(example.message).hex == example.code)
    }

    @Test func aPreparedKeyServesManyMessages() {
        let prepared = HMACSHA256(key: Self.cases[1].key)
        let first = prepared.authenticate([UInt8]("another".utf8))
        #expect(prepared.authenticate(Self.cases[1].message).hex == Self.cases[1].code)
        #expect(prepared.authenticate([UInt8]("another".utf8)) == first)
    }

    @Test func anEmptyKeyIsAKey() {
        #expect(
            HMACSHA256(key: []).authenticate([]).hex
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
        )
    }
}
