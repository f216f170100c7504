import Logging
import ProgramFixture
import Testing

@testable import PollMeshInbox

@Suite struct LogFormatTests {
    static let time = WallTime(milliseconds: 1_705_329_045_123)

    private func record(_ metadata: Logger.Metadata, message: String = "message stored") -> LogRecord {
        LogRecord(time: Self.time, level: .info, message: message, fields: LogField.flat(metadata))
    }

    private func json(_ metadata: Logger.Metadata) throws -> JSONLine {
        try JSONLine(LogFormat.json.line(record(metadata)))
    }

    private func text(_ metadata: Logger.Metadata, message: String = "message stored") -> String {
        String(decoding: LogFormat.text.line(record(metadata, message: message)), as: UTF8.self)
    }

    @Test func aLineIsOneObjectWithTheFixedFieldsFirst() {
        let line = String(decoding: LogFormat.json.line(record(["b": "2", "a": .stringConvertible(1)])), as: UTF8.self)
        #expect(
            line == """
                {"time":"2024-01-15T14:30:45.123Z","level":"INFO","msg":"message stored",\
                "service.name":"poll-mesh-inbox","service.version":"\(Product.version)","a":1,"b":"2"}\n
                """
        )
    }

    @Test func numbersAndTruthValuesStayWhatTheyAre() throws {
        let object = try json([
            "int": .stringConvertible(-5), "uint64": .stringConvertible(UInt64.max),
            "int32": .stringConvertible(Int32(7)),
            "double": .stringConvertible(0.25), "small": .stringConvertible(1e-7), "large": .stringConvertible(1e300),
            "float": .stringConvertible(Float(1.5)), "true": .stringConvertible(true),
            "false": .stringConvertible(false),
            "duration": .stringConvertible(Duration.milliseconds(1_234)), "text": "5", "interpolated": "\(5)",
        ])
        #expect(object[double: "int"] == -5)
        #expect(object[double: "uint64"] == Double(UInt64.max))
        #expect(object[double: "int32"] == 7)
        #expect(object[double: "double"] == 0.25)
        #expect(object[double: "small"] == 1e-7)
        #expect(object[double: "large"] == 1e300)
        #expect(object[double: "float"] == 1.5)
        #expect(object[flag: "true"] == true)
        #expect(object[flag: "false"] == false)
        #expect(object[double: "duration"] == 1.234)
        #expect(object["text"] == "5")
        #expect(object["interpolated"] == "5")
    }

    @Test func whatJSONHasNoNumberForIsText() throws {
        let object = try json([
            "nan": .stringConvertible(Double.nan), "infinity": .stringConvertible(-Double.infinity),
            "secret": .stringConvertible(Secret("hush")),
        ])
        #expect(object["nan"] == "nan")
        #expect(object["infinity"] == "-inf")
        #expect(object["secret"] == "***")
    }

    @Test func everyCharacterSurvives() throws {
        let all = String(String.UnicodeScalarView((0...0x2ff).compactMap(Unicode.Scalar.init)))
        let texts = [all, "\"\\\u{2028}\u{2029}\u{feff}", "👩‍👩‍👧 é e\u{301}", "\r\n", "\u{80}\u{9f}\u{a0}\u{c2}"]
        for text in texts {
            let object = try json(["value": .string(text), text: "name"])
            #expect(object["value"].map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
            #expect(object[text] == "name")
        }
    }

    @Test func aLineHoldsNoControlCharacterWhateverTheValue() {
        let all = String(String.UnicodeScalarView((0...0x2ff).compactMap(Unicode.Scalar.init)))
        for format in LogFormat.allCases {
            let line = format.line(record([all: .string(all), "list": .array([.string(all)])], message: all))
            let text = String(decoding: line.dropLast(), as: UTF8.self)
            let controls = text.unicodeScalars.filter(\.isControl)
            #expect(controls.isEmpty)
            #expect(line.last == UInt8(ascii: "\n"))
        }
    }

    @Test func dictionariesBecomeFlatAndListsStayLists() throws {
        let object = try json([
            "a": ["b": ["c": "deep"], "d": .stringConvertible(1)], "list": ["x", .stringConvertible(2), ["k": "v"]],
        ])
        #expect(object["a.b.c"] == "deep")
        #expect(object[double: "a.d"] == 1)
        #expect(object[list: "list"]?.count == 3)
        #expect(object.values["a"] == nil)
    }

    @Test func noNameIsThereTwice() {
        let line = LogFormat.json.line(
            record(["time": "x", "level": "x", "msg": "x", "service.name": "x", "a.b": "1", "a": ["b": "2"]])
        )
        let text = String(decoding: line, as: UTF8.self)
        for name in ["time", "level", "msg", "service.name", "a.b"] {
            #expect(text.ranges(of: "\"\(name)\":").count == 1, "\(name)")
            #expect(name == "a.b" || text.contains("\"field.\(name)\":\"x\""))
        }
    }

    @Test func textIsForPeople() {
        #expect(
            text([
                "blob.name": "2024-01-15/ABC.dat", "bytes": .stringConvertible(20), "why": "no room", "empty": "",
                "quote": "a\"b", "path": "a=b", "ok": .stringConvertible(true),
            ]) == """
                14:30:45 INFO message stored blob.name=2024-01-15/ABC.dat bytes=20 empty="" ok=true path="a=b" \
                quote="a\\"b" why="no room"\n
                """
        )
        #expect(text(["a": "\u{1b}[31m"], message: "x\ny") == "14:30:45 INFO x\\ny a=\"\\u001b[31m\"\n")
    }

    @Test func levelsHaveTheNamesOfTheContract() {
        let names = Logger.Level.allCases.map { "\($0.logName)" }
        #expect(names == ["TRACE", "DEBUG", "INFO", "INFO", "WARNING", "ERROR", "CRITICAL"])
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (951_782_399_999, "2000-02-28T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_704_067_199_007, "2023-12-31T23:59:59.007Z"),
        (1_709_251_200_000, "2024-03-01T00:00:00.000Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ])
    func timesAreThoseOfTheCalendar(milliseconds: Int64, expected: String) {
        var bytes: [UInt8] = []
        WallTime(milliseconds: milliseconds).appendRFC3339(to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }
}
