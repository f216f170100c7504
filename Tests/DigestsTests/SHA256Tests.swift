import Digests
import Testing

/// Vectors of FIPS 180-4 and its examples by NIST.
@Suite struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
    ])
    func hashesThePublishedMessages(message: String, digest: String) {
        #expect(SHA256.hash([UInt8](message.utf8)).hex == digest)
    }

    @Test func hashesAMillionLettersInPieces() {
        var state = SHA256()
        for _ in 0..<1000 {
            state.update([UInt8](repeating: UInt8(ascii: "a"), count: 1000))
        }
        #expect(state.finish().hex == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func goesOnAfterADigestWasTaken() {
        var state = SHA256()
        state.update([UInt8]("ab".utf8))
        let early = state.finish()
        state.update([UInt8]("c".utf8))
        #expect(early == SHA256.hash([UInt8]("ab".utf8)))
        #expect(state.finish() == SHA256.hash([UInt8]("abc".utf8)))
    }

    @Test func copiesGoTheirOwnWays() {
        var first = SHA256()
        first.update([UInt8]("a".utf8))
        var second = first
        second.update([UInt8]("x".utf8))
        first.update([UInt8]("bc".utf8))
        #expect(first.finish() == SHA256.hash([UInt8]("abc".utf8)))
        #expect(second.finish() == SHA256.hash([UInt8]("ax".utf8)))
    }
}
