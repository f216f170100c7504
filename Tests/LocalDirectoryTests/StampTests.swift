import Glibc
import Testing

@testable import LocalDirectory

@Suite struct StampTests {
    @Test(arguments: [
        (Stamp(seconds: 1_705_329_045, nanoseconds: 0), "A.dat.1705329045-000000000.json"),
        (Stamp(seconds: 0, nanoseconds: 999_999_999), "A.dat.0-999999999.json"),
        (Stamp(seconds: 7, nanoseconds: 12_345), "A.dat.7-000012345.json"),
    ])
    func namesMetadata(stamp: Stamp, name: String) {
        #expect(stamp.metadataName(of: "A.dat") == name)
    }

    @Test(arguments: [
        (1, 9, 999_999_999), (1_000, 9, 999_999_000), (2_000_000_000, 8, 0), (2_000_000_001, 7, 999_999_999),
        (0, 10, 0),
    ])
    func stepsBack(difference: Int, seconds: Int, nanoseconds: Int) {
        let stamp = Stamp(seconds: 10, nanoseconds: 0).earlier(byNanoseconds: difference)
        #expect(stamp == Stamp(seconds: seconds, nanoseconds: nanoseconds))
    }

    @Test func theLongestNameLeavesRoomForItsMetadata() {
        let name = String(repeating: "x", count: BlobPath.longestName)
        #expect(Stamp(seconds: 99_999_999_999, nanoseconds: 1).metadataName(of: name).utf8.count <= 255)
    }

    /// Values that mean the present to `futimens`, and such as no clock has.
    @Test(arguments: [(0, 1_000_000_000), (0, -1), (0, 0x3fff_ffff), (0, 0x3fff_fffe), (Int.max, 0), (Int.min, 0)])
    func takesNoTimeThatNoFileHas(seconds: Int, nanoseconds: Int) {
        #expect(Stamp(timespec(tv_sec: seconds, tv_nsec: nanoseconds)) == nil)
    }
}
