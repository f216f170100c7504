import Testing

@testable import TestServers

struct SupportTests {
    @Test func computesThePublishedCRC64() {
        #expect(CRC64(of: Array("123456789".utf8)).value == 0xae8b_1486_0a79_9888)
        #expect(CRC64(of: Array("123456789".utf8)).header == "iJh5CoYUi64=")
        #expect(CRC64(of: []).value == 0)
    }

    @Test func computesTheSameCRC64InPiecesOfAnyLengthAndAlignment() {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * $0) }
        let whole = CRC64(of: bytes).value
        for cut in 0..<40 {
            var crc = CRC64()
            bytes.withUnsafeBytes { source in
                crc.update(UnsafeRawBufferPointer(rebasing: source[..<cut]))
                crc.update(UnsafeRawBufferPointer(rebasing: source[cut...]))
            }
            #expect(crc.value == whole)
        }
        #expect(bitwise(bytes) == whole)
    }

    /// The definition, a bit at a time.
    private func bitwise(_ bytes: [UInt8]) -> UInt64 {
        var crc = ~UInt64(0)
        for byte in bytes {
            crc ^= UInt64(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0x9a6c_9329_ac4b_c9b5 : crc >> 1 }
        }
        return ~crc
    }

    @Test func readsAndWritesTimes() {
        let time = 1_795_446_000
        #expect(Timestamp.http(time) == "Mon, 23 Nov 2026 15:00:00 GMT")
        #expect(Timestamp.parseHTTP("Mon, 23 Nov 2026 15:00:00 GMT") == time)
        #expect(Timestamp.parseHTTP("Tue, 23 Nov 2026 15:00:00 GMT") == nil)
        #expect(Timestamp.parseHTTP("Mon, 23 Nov 2026 15:00:00 UTC") == nil)
        #expect(Timestamp.mesh(time) == "202611231500")
        #expect(Timestamp.parseMESH("202611231500") == time)
        #expect(Timestamp.parseMESH("202613231500") == nil)
        #expect(Timestamp.parseISO("2026-11-23T15:00:00Z") == time)
        #expect(Timestamp.parseISO("2026-11-23T15:00Z") == time)
        #expect(Timestamp.parseISO("2026-11-23") == time - 15 * 3600)
        #expect(Timestamp.parseISO("2024-02-29T00:00Z") == 1_709_164_800)
        #expect(Timestamp.parseISO("yesterday") == nil)
    }

    @Test(
        arguments: [("", []), ("Zg==", [0x66]), ("Zm8=", [0x66, 0x6F]), ("Zm9v", [0x66, 0x6F, 0x6F])]
            as [(String, [UInt8])]
    )
    func encodesAndDecodesBase64(text: String, bytes: [UInt8]) {
        #expect(Base64.encode(bytes) == text)
        #expect(Base64.decode(text) == bytes)
    }

    @Test(arguments: ["Zg=", "Z===", "Zm9v\n", "Zm 9", "Zm9-", "Zg"])
    func refusesWhatIsNotBase64(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func signsLikeThePublishedExamples() {
        // RFC 4231, test case 2.
        let mac = Digest.hmacSHA256(key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8))
        #expect(hex(mac) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(hex(Digest.md5.of(Array("abc".utf8))) == "900150983cd24fb0d6963f7d28e17f72")
    }
}
