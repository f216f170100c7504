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
        for text in ["", "s", "s3cr+t/", "nothing here", String(Self.secret.dropFirst())] {
            #expect(redactor.redact(text) == text)
            #expect(!redactor.mayBe(in: Array(text.utf8)))
        }
        #expect(Redactor().redact(Self.secret) == Self.secret)
    }

    @Test func doesNotLookForWhatWouldBeFoundEverywhere() {
        #expect(Redactor([Secret(""), Secret("a"), Secret("abc")]).redact("abc a") == "abc a")
        #expect(Redactor([Secret("abcd")]).redact("abcd") == "***")
    }

    static let key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

    /// The same secret in every coat that services put on what they repeat.
    @Test(arguments: [
        "s3cr%2Bt%2F%C3%B6%20w%3Frd", "s3cr+t/%C3%B6%20w%3Frd", "s3cr%2bt/%c3%b6 w?rd",
        "s3cr%252Bt%252F%25C3%25B6%2520w%253Frd",
        #"s3cr+t\/ö w?rd"#, #"s3cr+t/ö w?rd"#, #"s3cr+t/ö w?rd"#,
        "s3cr&#43;t/&#246; w?rd", "s3cr&#x2B;t&#x2f;&#xF6; w?rd", "s3cr&plus;t&sol;ö w?rd", "s3cr%2Bt/ö+w?rd",
        "733363722b742fc3b620773f7264", "733363722B742FC3B620773F7264",
    ])
    func findsASecretInEveryCoat(coat: String) {
        #expect(redactor.redact("It was <\(coat)>, they said.") == "It was <***>, they said.")
        var line: [UInt8] = []
        LogText.append(coat, to: &line)
        #expect(redactor.mayBe(in: line))
    }

    @Test func findsABinarySecretInBothAlphabetsOfBase64() {
        let secret = "\u{3ff}\u{3fe}~~~???\u{3ff}\u{3fe}"
        let base64 = Data(secret.utf8).base64EncodedString()
        let urlSafe = base64.replacing("+", with: "-").replacing("/", with: "_")
        #expect(base64 != urlSafe)
        for text in [base64, urlSafe] { #expect(Redactor([Secret(secret)]).redact(text).hasPrefix("***")) }
    }

    @Test(arguments: ["\n", "\r\n    ", " ", #"\n"#, #"\r\n"#])
    func findsALongSecretThatWasWrapped(wrap: String) {
        let redactor = Redactor([Secret(Self.key)])
        let lines = stride(from: 0, to: Self.key.count, by: 40).map { Self.key.dropFirst($0).prefix(40) }
        #expect(redactor.redact("key:\(wrap)\(lines.joined(separator: wrap)) end") == "key:\(wrap)*** end")
    }

    /// Texts of others may end anywhere.
    @Test func findsTheBeginningOfASecret() {
        let redactor = Redactor([Secret(Self.key)])
        for length in 8...Self.key.count {
            #expect(redactor.redact("The key \(Self.key.prefix(length))") == "The key ***", "\(length)")
            #expect(redactor.redact("\(Self.key.prefix(length))… is no key") == "***… is no key", "\(length)")
        }
        #expect(redactor.redact("The key \(Self.key.prefix(7))") == "The key \(Self.key.prefix(7))")
        let base64 = Data(Self.key.utf8).base64EncodedString()
        #expect(redactor.redact(String(base64.prefix(40))) == "***")
    }

    @Test func takesNoWordForTheBeginningOfASecret() {
        let redactor = Redactor([Secret("password-of-2024"), Secret("20240115-x"), Secret("Messages7")])
        for text in ["Invalid password", "on 20240115", "Messages are", "PASSWORD"] {
            #expect(redactor.redact(text) == text)
        }
        #expect(redactor.redact("Invalid password-o") == "Invalid ***")
    }

    @Test func takesNoNameForTheBeginningOfASecret() {
        let redactor = Redactor([Secret("X26ABC01-key"), Secret("AccountName=a;AccountKey=hush0hush")])
        #expect(redactor.redact("X26ABC01", .name) == "X26ABC01")
        #expect(redactor.redact("X26ABC01-key", .name) == "***")
        // What is secret of a connection string is looked for by itself.
        let parts = Redactor([Secret("AccountName=a;AccountKey=hush0hush"), Secret("hush0hush")])
        #expect(parts.redact("AccountName=a is wrong") == "AccountName=a is wrong")
    }

    /// Tokens are made anew for each request, and nobody registers them.
    @Test(arguments: [
        ("NHSMESH X26ABC1:0e4b6e51-61a8:0:202601011200:5f0e03 was refused", "NHSMESH *** was refused"),
        ("What is 'Bearer 0123456789abcdef'?", "What is 'Bearer ***'?"),
        ("Authorization: SharedKey acct1:c2lnbmF0dXJlIG9m", "Authorization: SharedKey ***"),
        ("https://a.example/b?sv=1&sig=abcd%2Befgh&sp=r", "https://a.example/b?sv=1&sig=***&sp=r"),
        ("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln is no token", "*** is no token"),
        ("A Bearer token was expected, not eyJ", "A Bearer token was expected, not eyJ"),
    ])
    func findsWhatLooksLikeAToken(text: String, shown: String) {
        #expect(Redactor().redact(text) == shown)
        #expect(Redactor().mayBe(in: Array(text.utf8)))
    }

    @Test func leavesWordsOfOursAloneButNotWhatTheyQuote() {
        let redactor = Redactor([Secret("password"), Secret("hush-hush-1"), Secret("MESH_SHARED_KEY")])
        let advice = "Check MESH_SHARED_KEY and its password, which is not \"password\" or hush-hush-1."
        #expect(
            redactor.redact(advice, .familiar)
                == "Check MESH_SHARED_KEY and its password, which is not \"***\" or ***."
        )
        #expect(redactor.redact("its password", .foreign) == "its ***")
    }

    /// Where the quick look says no, the careful one has nothing to say.
    @Test func theQuickLookMissesNothing() {
        let redactor = Redactor([Secret(Self.secret), Secret(Self.key), Secret("hush"), Secret("a\"b\\c\u{1}\u{200b}")])
        let texts = [
            Self.secret, Self.key, String(Self.key.prefix(8)), "hush", "a\"b\\c\u{1}\u{200b}", "h%75sh",
            "Bearer eyJhbGciOiJSUzI1NiJ9",
        ]
        for text in texts {
            for around in ["", "x", "\"", "\n"] {
                var line: [UInt8] = []
                LogText.append(around + text + around, to: &line)
                #expect(
                    redactor.mayBe(in: line) && redactor.redact(around + text + around) == "\(around)***\(around)"
                        || text.hasPrefix("Bearer")
                )
                #expect(redactor.mayBe(in: line))
            }
        }
    }

    @Test func theCoreOfBase64IsPartOfEveryEncoding() {
        for length in 1...9 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: 0x9d &* ($0 + 3)) }
            for lead in 0..<9 {
                for tail in 0..<3 {
                    let text = [UInt8](repeating: 0xa5, count: lead) + bytes + [UInt8](repeating: 0x5a, count: tail)
                    let core = Needle.base64Core(of: bytes, lead: lead % 3)
                    #expect(
                        core.isEmpty || Data(text).base64EncodedString().contains(String(decoding: core, as: UTF8.self))
                    )
                    #expect(core.count >= length * 8 / 6 - 1)
                }
            }
        }
    }
}
