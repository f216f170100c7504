import Glibc

/// The time of a file's last change, which ties a data file to its metadata.
///
/// A data file's time is set before its metadata is written, and the metadata's own name says it. Since a name is
/// given once only, no two data files of one blob name ever share a time for which metadata exists. The tie outlives
/// a rename, a restart, and a copy that keeps times (`cp -a`, `rsync -t`, a backup); a file that somebody else wrote
/// or changed has another time and therefore no metadata. Plain files only: extended attributes are missing in too
/// many file systems, and numbers of inodes change with a restored backup.
struct Stamp: Sendable, Equatable {
    var seconds: Int
    var nanoseconds: Int

    /// The most seconds before or after 1970 that a stamp has: 34,000 years.
    private static let mostSeconds = 1 << 40

    init(seconds: Int, nanoseconds: Int) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// - Returns: `nil` for what no file system should say, and what must not be handed back to it: some values of the
    ///   nanoseconds mean the present.
    init?(_ time: timespec) {
        guard (-Self.mostSeconds...Self.mostSeconds).contains(time.tv_sec), (0..<1_000_000_000).contains(time.tv_nsec)
        else { return nil }
        self.init(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
    }

    /// The time that many nanoseconds before, some seconds at most.
    func earlier(byNanoseconds difference: Int) -> Stamp {
        let (seconds, rest) = difference.quotientAndRemainder(dividingBy: 1_000_000_000)
        var stamp = self
        stamp.seconds -= seconds
        stamp.nanoseconds -= rest
        if stamp.nanoseconds < 0 {
            stamp.seconds -= 1
            stamp.nanoseconds += 1_000_000_000
        }
        return stamp
    }

    /// The bytes that ``metadataName(of:)`` needs at most behind a name.
    static let longestSuffix = 32

    /// The name of the metadata of the data file with this name and time.
    func metadataName(of name: String) -> String {
        let digits = String(nanoseconds)
        return "\(name).\(seconds)-\(String(repeating: "0", count: 9 - digits.count))\(digits).json"
    }
}
