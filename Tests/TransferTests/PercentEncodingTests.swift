import Testing
import Transfer

@Suite struct PercentEncodingTests {
    @Test(arguments: [
        ("", ""), ("a%20b", "a b"), ("hu%2Fsh%3d", "hu/sh="), ("%C3%A9", "\u{e9}"), ("%25%32%30", "%20"),
        ("100%", "100%"), ("%", "%"), ("%4", "%4"), ("%zz%41", "%zzA"), ("%+1", "%+1"), ("%ff", "%ff"), ("a+b", "a+b"),
    ])
    func readsWhatIsAnEscapeAndLeavesTheRest(text: String, expected: String) {
        #expect(PercentEncoding.decode(text) == expected)
    }

    @Test func readsBackWhatItWrites() {
        let text = String(decoding: 0...127, as: UTF8.self) + "\u{e9}\u{4e2d}\u{1f600}"
        #expect(PercentEncoding.decode(PercentEncoding.encode(text)) == text)
        #expect(PercentEncoding.decode(PercentEncoding.encode(text, isUpperCase: false)) == text)
        #expect(PercentEncoding.encode("\u{e9}/", isUpperCase: false) == "%c3%a9%2f")
        #expect(PercentEncoding.encode("\u{e9}/") == "%C3%A9%2F")
    }
}
