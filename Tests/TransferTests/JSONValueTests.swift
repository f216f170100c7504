import Foundation
import Testing
import Transfer

@Suite struct JSONValueTests {
    @Test func readsEveryKind() {
        let text = #" { "a" : [ 1 , -0.5e+3, true,false,null, "x" , [ ] , { } ] , "b" : "" } "#
        #expect(
            JSONValue(Array(text.utf8))
                == .object([
                    "a": .array([
                        .number("1"), .number("-0.5e+3"), .bool(true), .bool(false), .null, .string("x"), .array([]),
                        .object([:]),
                    ]),
                    "b": .string(""),
                ])
        )
    }

    @Test(arguments: [
        "", " ", "nul", "nulll", "true false", "[", "[1", "[1,", "[1,]", "[,1]", "{", "{\"a\"", "{\"a\":", "{\"a\":1",
        "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "{1:1}", "01", "-", "1.", ".5", "1e", "+1", "0x1", "NaN", "\"", "\"\\",
        "\"\\\"",
        "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\u{1}\"",
        "\"\n\"",
        "\u{feff}1", "'a'", "1 // one", "]", "}", "\u{0}",
    ])
    func takesNothingElse(text: String) {
        #expect(JSONValue(Array(text.utf8)) == nil)
    }

    @Test func takesUTF8Only() {
        for bytes: [UInt8] in [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]] {
            #expect(JSONValue([UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")]) == nil, "\(bytes)")
        }
    }

    @Test func goesAsDeepAsItSays() {
        let nested = { (depth: Int) in
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        #expect(JSONValue(nested(64)) != nil)
        #expect(JSONValue(nested(65)) == nil)
    }

    @Test(arguments: ["a/b\"\\\u{8}\u{c}\n\r\t\u{7f}", "\u{1f600}é\u{2028}\u{0}", ""])
    func readsTextAsAnotherImplementationWritesIt(text: String) throws {
        for options: JSONSerialization.WritingOptions in [
            .fragmentsAllowed, [.fragmentsAllowed, .withoutEscapingSlashes],
        ] {
            let written = try JSONSerialization.data(withJSONObject: text, options: options)
            #expect(JSONValue(Array(written))?.string == text)
        }
        let escaped = text.utf16.map {
            "\\u" + String(repeating: "0", count: 4 - String($0, radix: 16).count) + String($0, radix: 16)
        }
        #expect(JSONValue(Array("\"\(escaped.joined())\"".utf8))?.string == text)
    }

    @Test func whatIsAskedForIsOfItsKind() {
        let value = JSONValue(
            Array(#"{"a":null,"b":1.0,"c":9223372036854775808,"d":-7,"e":["x",1],"f":{"x":"y"}}"#.utf8)
        )
        #expect(value?["a"] == nil && value?["none"] == nil)
        #expect(value?["b"]?.integer == nil && value?["c"]?.integer == nil)
        #expect(value?["d"]?.integer == -7)
        #expect(value?["e"]?.strings == nil && value?["e"]?.array?.count == 2)
        #expect(value?["f"]?.stringMembers == ["x": "y"] && value?.stringMembers == nil)
    }

    @Test func theLastOfEqualNamesCounts() {
        #expect(JSONValue(Array(#"{"a":1,"\u0061":2}"#.utf8)) == .object(["a": .number("2")]))
    }
}
