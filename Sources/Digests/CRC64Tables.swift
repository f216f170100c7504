/// The tables behind ``CRC64``: eight of 256 entries each, one for each byte of a word.
enum CRC64Tables {
    /// The words that are under way at the same time.
    static let streams = 4

    /// Advances over the eight bytes of a word.
    nonisolated(unsafe) static let sequential = make(distance: 8)

    /// Advances over a word and the words of the other streams that follow it.
    nonisolated(unsafe) static let interleaved = make(distance: streams * 8)

    /// Looks up what becomes of a word (content and register together) at the tables' distance.
    @inline(__always)
    static func advance(_ word: UInt64, _ tables: UnsafePointer<UInt64>) -> UInt64 {
        let low =
            tables[Int(word & 0xff)] ^ tables[256 + Int(word >> 8 & 0xff)]
            ^ tables[512 + Int(word >> 16 & 0xff)] ^ tables[768 + Int(word >> 24 & 0xff)]
        let high =
            tables[1024 + Int(word >> 32 & 0xff)] ^ tables[1280 + Int(word >> 40 & 0xff)]
            ^ tables[1536 + Int(word >> 48 & 0xff)] ^ tables[1792 + Int(word >> 56)]
        return low ^ high
    }

    /// Makes the tables: entry `b` of table `k` is the register when byte `b` at place `k` of a word lies
    /// `distance` bytes behind the start of that word.
    ///
    /// They are made once and live as long as the process, which never writes to them again.
    private static func make(distance: Int) -> UnsafePointer<UInt64> {
        let tables = UnsafeMutablePointer<UInt64>.allocate(capacity: 8 * 256)
        for byte in 0..<256 {
            let one = shifted(UInt64(byte), bytes: 1)
            for place in 0..<8 {
                tables[place * 256 + byte] = shifted(one, bytes: distance - place - 1)
            }
        }
        return UnsafePointer(tables)
    }

    private static func shifted(_ register: UInt64, bytes: Int) -> UInt64 {
        var register = register
        for _ in 0..<bytes * 8 {
            register = (register >> 1) ^ (register & 1 == 0 ? 0 : 0x9a6c_9329_ac4b_c9b5)
        }
        return register
    }
}
