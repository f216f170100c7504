extension MessageID {
    /// The message that the task is about, where it is about one: for lines of the log that know nothing of messages.
    @TaskLocal package static var current: MessageID?

    /// When MESH took the message in, in seconds since 1970, where its id tells: those of the live MESH start with
    /// `yyyyMMddHHmmss` (taken for UTC), six more digits and `_`.
    package var secondsSince1970: Int64? {
        let start = text.utf8.prefix(21)
        guard start.count == 21, start.last == UInt8(ascii: "_") else { return nil }
        guard start.dropLast().allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        guard let time = CivilTime(digits: start.prefix(14)), (2000...2999).contains(time.year) else { return nil }
        return time.secondsFromUTC
    }
}
