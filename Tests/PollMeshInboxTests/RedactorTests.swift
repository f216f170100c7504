import Foundation
import Testing

@testable import PollMeshInbox

@Suite struct RedactorTests {
    static let secret = "s3cr+t/ö w?rd"

    private let redactor = Redactor([Secret(Self.secret)])

    @Test(arguments: ["", "x", "??", "long before it "], ["", "y", "!!", " and after"])
    func findsASecretAsItIsPercentEncodedAndInBase64(before: String, after: String) {
        #expect(redactor.redact(before + Self.secret + after) == before + "***" + after)
        let encoded = Self.secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics)!
        #expect(redactor.redact("?sig=\(encoded)&") == "?sig=***&")
        #expect(redactor.redact("?sig=\(encoded.lowercased())&") == "?sig=***&")
        let base64 = Data((before + Self.secret + after).utf8).base64EncodedString()
        let redacted = redactor.redact("Basic \(base64)")
        #expect(redacted.contains("***"))
        // At most one byte of it is left at either end.
        #expect(redacted.utf8.count <= base64.utf8.count + 9 - Self.secret.utf8.count * 4 / 3 + 4)
    }

    @Test func replacesEveryOneOfThem() {
        #expect(redactor.redact("\(Self.secret)\(Self.secret) \(Self.secret)") == "****** ***")
        let two = Redactor([Secret("hush"), Secret("hushhush-more")])
        #expect(two.redact("hushhush-more hush") == "*** ***")
        let overlapping = Redactor([Secret("abcdef"), Secret("defghi"), Secret("ghij")])
        #expect(overlapping.redact("abcdefghijk abcde") == "***k abcde")
    }

    @Test func leavesOtherTextAlone() {
        for text in ["", "s", "s3cr+t/ö w?r", "nothing here", String(Self.secret.dropFirst())] {
            #expect(redactor.redact(text) == text)
            #expect(!redactor.mayBe(in: Array(text.utf8)))
        }
        #expect(Redactor().redact(Self.secret) == Self.secret)
    }

    @Test func doesNotLookForWhatWouldBeFoundEverywhere() {
        #expect(Redactor([Secret(""), Secret("a"), Secret("abc")]).redact("abc a") == "abc a")
        #expect(Redactor([Secret("abcd")]).redact("abcd") == "***")
    }

    @Test func theCoreOfBase64IsPartOfEveryEncoding() {
        for length in 1...9 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: 0x9d &* ($0 + 3)) }
            for lead in 0..<9 {
                for tail in 0..<3 {
                    let text = [UInt8](repeating: 0xa5, count: lead) + bytes + [UInt8](repeating: 0x5a, count: tail)
                    let core = Redactor.base64Core(of: bytes, lead: lead % 3)
                    #expect(
                        core.isEmpty || Data(text).base64EncodedString().contains(String(decoding: core, as: UTF8.self))
                    )
                    #expect(core.count >= length * 8 / 6 - 1)
                }
            }
        }
    }
}
