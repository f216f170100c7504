import Digests
import Testing

@Suite struct CRC64Tests {
    /// The check value of the catalogue of parametrised CRC algorithms, CRC-64/NVME.
    @Test func givesThePublishedCheckValue() {
        var checksum = CRC64()
        checksum.update([UInt8]("123456789".utf8))
        #expect(checksum.value == 0xae8b_1486_0a79_9888)
        #expect(checksum.base64 == "iJh5CoYUi64=")
    }

    @Test func nothingHasTheValueZero() {
        #expect(CRC64().value == 0)
    }

    /// 4096 bytes of zeros and of ones, as in the NVM command set specification's test cases.
    @Test(arguments: [(UInt8(0x00), UInt64(0x6482_d367_eb22_b64e)), (UInt8(0xff), UInt64(0xc0dd_ba73_02ec_a3ac))])
    func givesTheSpecifiedValuesForABlock(byte: UInt8, value: UInt64) {
        var checksum = CRC64()
        checksum.update([UInt8](repeating: byte, count: 4096))
        #expect(checksum.value == value)
    }

    @Test(arguments: Array(0..<300) + Array(380..<520))
    func agreesWithTheDefinitionAtEveryLength(length: Int) {
        let content = Self.content(length)
        var checksum = CRC64()
        checksum.update(content)
        #expect(checksum.value == Self.bitByBit(content[...]))
    }

    @Test func piecesOfAnyLengthAndPlaceGiveTheSame() {
        let content = Self.content(1500)
        let expected = Self.bitByBit(content[...])
        for cut in stride(from: 0, through: content.count, by: 7) {
            let checksum = content.withUnsafeBytes { bytes in
                var checksum = CRC64()
                checksum.update(UnsafeRawBufferPointer(rebasing: bytes[..<cut]))
                checksum.update(UnsafeRawBufferPointer(rebasing: bytes[cut...]))
                return checksum
            }
            #expect(checksum.value == expected)
        }
    }

    private static func content(_ length: Int) -> [UInt8] {
        var state: UInt32 = 12345
        return (0..<length).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }
    }

    private static func bitByBit(_ content: ArraySlice<UInt8>) -> UInt64 {
        var register = UInt64.max
        for byte in content {
            register ^= UInt64(byte)
            for _ in 0..<8 {
                register = (register >> 1) ^ (register & 1 == 0 ? 0 : 0x9a6c_9329_ac4b_c9b5)
            }
        }
        return ~register
    }
}
