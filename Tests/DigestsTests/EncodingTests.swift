import Digests
import Testing

/// The test vectors of RFC 4648, section 10, and what a strict reader refuses.
@Suite struct EncodingTests {
    static let vectors = [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ]

    @Test(arguments: vectors)
    func writesAndReadsBase64(plain: String, encoded: String) {
        #expect(Base64.encode([UInt8](plain.utf8)) == encoded)
        #expect(Base64.decode(encoded) == [UInt8](plain.utf8))
    }

    @Test(arguments: [
        "Z", "Zg", "Zg=", "Zg===", "Zg==\n", " Zg==", "Zm9v=", "=", "====", "Zm=v", "Z===", "Zh==", "Zm9=", "Zm8-",
        "Zm_v",
        "Zmé=", "Zg==Zg==",
    ])
    func refusesWhatIsNotStrictBase64(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func everyByteComesBack() {
        let all = (0...255).map { UInt8($0) }
        #expect(Base64.decode(Base64.encode(all)) == all)
        #expect(Base64.encode([0xfb, 0xff, 0xfe]) == "+//+")
    }

    @Test func appendsBehindWhatIsThere() {
        var output: [UInt8] = [UInt8](">".utf8)
        [UInt8]("fooba".utf8).withUnsafeBytes { Base64.append($0, to: &output) }
        [UInt8]([0x00, 0x9a, 0xff]).withUnsafeBytes { Hex.append($0, to: &output) }
        #expect(String(decoding: output, as: UTF8.self) == ">Zm9vYmE=009aff")
    }

    @Test func writesHexadecimalInLowerCase() {
        #expect(Hex.encode([0x00, 0x0f, 0xa0, 0xff]) == "000fa0ff")
        #expect(Hex.encode([UInt8]("foobar".utf8)) == "666f6f626172")
    }
}
