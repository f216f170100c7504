import Testing
import Transfer

@Suite struct CivilTimeTests {
    @Test(arguments: [
        (0, "1970-01-01", "19700101T000000", 4), (1_705_329_045, "2024-01-15", "20240115T143045", 1),
        (951_782_400, "2000-02-29", "20000229T000000", 2), (4_107_542_399, "2100-02-28", "21000228T235959", 0),
        (-1, "1969-12-31", "19691231T235959", 3),
    ])
    func convertsSecondsToDates(seconds: Int64, date: String, compact: String, weekday: Int) {
        let time = CivilTime(utc: seconds)
        #expect(time.dateText == date)
        #expect(time.compactText == compact)
        #expect(time.weekday == weekday)
        #expect(time.secondsFromUTC == seconds)
    }

    @Test func everyDayOfFourCenturiesConvertsBack() {
        for day in stride(from: Int64(-73_000), through: 73_000, by: 1) {
            let time = CivilTime(utc: day * 86_400 + 86_399)
            #expect(time.secondsFromUTC == day * 86_400 + 86_399)
            #expect(time < CivilTime(utc: (day + 1) * 86_400))
        }
    }
}

@Suite struct HTTPDateTests {
    @Test func formatsAndParses() {
        #expect(HTTPDate.format(1_795_446_000) == "Mon, 23 Nov 2026 15:00:00 GMT")
        #expect(HTTPDate.parse("Mon, 23 Nov 2026 15:00:00 GMT") == 1_795_446_000)
    }

    @Test(arguments: [
        "", "Mon, 23 Nov 2026 15:00:00", "Mon, 23 Foo 2026 15:00:00 GMT", "Mon, 32 Nov 2026 15:00:00 GMT",
        "Mon, 23 Nov 2026 25:00:00 GMT", "Mon 23 Nov 2026 15:00:00 GMT", "Mon, 23 Nov 2026 15:00 GMT",
        "Mon, -3 Nov 2026 15:00:00 GMT", "Mon, 23 Nov 99999 15:00:00 GMT",
    ])
    func refusesAnythingElse(text: String) {
        #expect(HTTPDate.parse(text) == nil)
    }
}

@Suite struct RetryAfterTests {
    @Test(arguments: [
        ("3", Duration.seconds(3)), ("0", .zero), ("Mon, 23 Nov 2026 15:00:07 GMT", .seconds(7)),
        ("Mon, 23 Nov 2026 14:00:00 GMT", .zero), ("999999999999", .seconds(86_400)),
    ])
    func readsSecondsAndDates(text: String, expected: Duration) {
        #expect(RetryAfter.parse(text, now: 1_795_446_000) == expected)
    }

    @Test(arguments: ["", "-1", "1.5", "soon", "9999999999999999999999", "１"])
    func ignoresAnythingElse(text: String) {
        #expect(RetryAfter.parse(text, now: 0) == nil)
        #expect(RetryAfter.parseMilliseconds(text) == nil)
    }
}
