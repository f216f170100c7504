extension MessageID {
    /// The message that the task is about, where it is about one: for lines of the log that know nothing of messages.
    @TaskLocal package static var current: MessageID?

    /// When MESH took the message in, in seconds since 1970, where its id tells: those of the live MESH start with
    /// `yyyyMMddHHmmss` (taken for UTC), six more digits and `_`.
    package var secondsSince1970: Int64? {
        var digits: [Int] = []
        for byte in text.utf8.prefix(20) {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            digits.append(Int(byte) - 48)
        }
        guard digits.count == 20, text.utf8.dropFirst(20).first == UInt8(ascii: "_") else { return nil }
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
        let time = CivilTime(
            year: number(0..<4),
            month: number(4..<6),
            day: number(6..<8),
            hour: number(8..<10),
            minute: number(10..<12),
            second: number(12..<14)
        )
        let isTime = (2000...2999).contains(time.year) && time.hour < 24 && time.minute < 60 && time.second < 61
        guard isTime, (1...12).contains(time.month), (1...31).contains(time.day) else { return nil }
        return time.secondsFromUTC
    }
}
