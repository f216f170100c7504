import Foundation
import Testing
import Transfer

@Suite struct JSONTextTests {
    /// Text of every kind that has to be escaped, in JSON as another implementation reads it.
    @Test func isReadBackAsItWas() throws {
        let control = String(String.UnicodeScalarView((0...0xa0).map { Unicode.Scalar(UInt8($0)) }))
        for text in ["", "plain", "\"\\/", control, "\u{e9}\u{c2}\u{4e2d}\u{1f600}", "\u{2028}"] {
            var json: [UInt8] = []
            JSONText.append(text, to: &json)
            let value = try JSONSerialization.jsonObject(with: Data(json), options: .fragmentsAllowed)
            #expect(value as? String == text)
            let isControl = { (byte: UInt8) in byte < 0x20 || byte == 0x7f }
            #expect(!json.contains(where: isControl))
        }
    }
}
