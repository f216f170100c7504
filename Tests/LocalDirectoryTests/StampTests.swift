import Glibc
import Testing

@testable import LocalDirectory

@Suite struct StampTests {
    @Test(arguments: [
        (timespec(tv_sec: 1_705_329_045, tv_nsec: 0), "A.dat.1705329045-000000000.json"),
        (timespec(tv_sec: 0, tv_nsec: 999_999_999), "A.dat.0-999999999.json"),
        (timespec(tv_sec: 7, tv_nsec: 12_345), "A.dat.7-000012345.json"),
    ])
    func namesMetadata(time: timespec, name: String) {
        #expect(Stamp(time).metadataName(of: "A.dat") == name)
    }

    @Test(arguments: [
        (1, 9, 999_999_999), (1_000, 9, 999_999_000), (2_000_000_000, 8, 0), (2_000_000_001, 7, 999_999_999),
        (0, 10, 0),
    ])
    func stepsBack(difference: Int, seconds: Int, nanoseconds: Int) {
        let stamp = Stamp(timespec(tv_sec: 10, tv_nsec: 0)).earlier(byNanoseconds: difference)
        #expect(stamp == Stamp(timespec(tv_sec: seconds, tv_nsec: nanoseconds)))
    }

    @Test func theLongestNameLeavesRoomForItsMetadata() {
        let name = String(repeating: "x", count: BlobPath.longestName)
        #expect(Stamp(timespec(tv_sec: 99_999_999_999, tv_nsec: 1)).metadataName(of: name).utf8.count <= 255)
    }
}
