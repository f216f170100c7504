import Synchronization
import Testing

@testable import TestServers

/// Each lie does to an answer what it says, and the request takes effect only where it says so.
struct LieTests {
    private static let truth = HTTPServer.Response(
        200,
        headers: ["Mex-MessageID": "ABC0001", "Mex-Chunk-Range": "1:1", "ETag": "\"1\""],
        body: .text(#"{"a":1,"b":"two"}"#)
    )

    private static let request = HTTPServer.Request(
        number: 7,
        connection: 1,
        method: "GET",
        target: "/messageexchange/X/inbox?max_results=10",
        headers: ["Authorization": "NHSMESH secret"]
    )

    /// What a lie makes of the truth, and how often the request was handled.
    private func tell(_ lie: Lie) -> (HTTPServer.Response, Int) {
        let count = Count()
        let response = lie.answer(to: Self.request) {
            count.add()
            return Self.truth
        }
        return (response, count.value)
    }

    private func text(_ response: HTTPServer.Response) -> String {
        String(decoding: response.body.contents, as: UTF8.self)
    }

    @Test func aPageIsNoAnswerOfTheService() {
        let (response, handled) = tell(.page(503, "<p>"))
        #expect(handled == 0)
        #expect(response.status == 503 && response.headers["Content-Type"] == "text/html" && text(response) == "<p>")
        #expect(tell(.page()).0.status == 200)
    }

    @Test func anEffectIsThereWhereALieSaysSo() {
        let (response, handled) = tell(.bare(201).afterEffect)
        #expect(handled == 1)
        #expect(response.status == 201 && response.headers.fields.isEmpty && response.body.length == 0)
        #expect(tell(.bare(201)).1 == 0)
        #expect(tell(.anotherRequestID.afterEffect).1 == 1)
    }

    @Test func fieldsAreChangedDoubledAndDropped() {
        #expect(tell(.anotherMessage("XYZ")).0.headers.values("mex-messageid") == ["XYZ"])
        #expect(tell(.anotherChunk("1:2")).0.headers.values("Mex-Chunk-Range") == ["1:2"])
        #expect(tell(.doubled("Mex-Chunk-Range", "1:2")).0.headers.values("Mex-Chunk-Range") == ["1:1", "1:2"])
        #expect(tell(.field("ETag", nil)).0.headers["etag"] == nil)
        #expect(tell(.withoutMexFields).0.headers.fields.map(\.name) == ["ETag"])
        let both = tell(.anotherMessage("XYZ").and(.doubled("ETag", "\"2\""))).0
        #expect(both.headers["Mex-MessageID"] == "XYZ" && both.headers.values("ETag") == ["\"1\"", "\"2\""])
        let other = tell(.body([1, 2], ["ETag": "\"9\"", "Content-Encoding": "gzip"])).0
        #expect(other.body.contents == [1, 2])
        #expect(other.headers.values("ETag") == ["\"9\""] && other.headers["Content-Encoding"] == "gzip")
    }

    @Test(arguments: [
        ("a", "-9223372036854775808", #"{"a":-9223372036854775808,"b":"two"}"#), ("b", "0", #"{"a":1,"b":0}"#),
        ("b", "\"\"", #"{"a":1,"b":""}"#), ("c", "3", #"{"c":3,"a":1,"b":"two"}"#),
    ])
    func membersGetOtherValues(name: String, value: String, expected: String) {
        #expect(text(tell(.member(name, value)).0) == expected)
    }

    @Test func pagesAreEmptyAndLeadOn() {
        let (response, handled) = tell(.emptyPages)
        #expect(handled == 0)
        let path = "/messageexchange/X/inbox"
        let next = "\(path)?continue_from=\(MESHCore.cursor(-7))"
        let links = #""links":{"self":"\#(path)?max_results=10","next":"\#(next)"}"#
        #expect(text(response) == #"{"messages":[],\#(links)}"#)
    }

    @Test func largeBodiesAreJSONOfTheirLength() {
        let error = text(tell(.largeJSON(500, length: 100_000)).0)
        #expect(error.hasPrefix(#"{"detail":[{"event":"","code":"","msg":"words "#) && error.hasSuffix(#" "}]}"#))
        #expect((100_000..<100_020).contains(error.utf8.count))
        let listing = text(tell(.listingOfTinyValues(length: 1000)).0)
        #expect(listing.hasPrefix(#"{"a":1,"b":"two","more":[0,[],{},[]"#) && listing.hasSuffix("{}]}"))
        #expect((1000..<1010).contains(listing.utf8.count))
        for number in [1, 300] {
            let fields = tell(.largeHead(300_000, fields: number)).0.headers.fields
            let large = fields.filter { $0.key.hasPrefix("x-large") }
            #expect(large.map(\.value.count) == Array(repeating: 300_000 / number, count: number))
        }
    }

    @Test(arguments: Lie.Place.allCases) func aRefusalRepeatsWhatItIsTold(place: Lie.Place) {
        let (response, handled) = tell(.echo("the secret", 403, in: place, behind: 195))
        #expect(handled == 0)
        let shown = response.headers.fields.map(\.text).joined() + text(response)
        #expect(shown.contains("may do this. Refused since nobody may the secret"))
        let request = tell(.echoOfRequest(403, in: place)).0
        #expect((request.headers.fields.map(\.text).joined() + text(request)).contains("NHSMESH secret"))
    }

    @Test func effectsComeWhenTheyAreLet() {
        let late = LateEffects()
        let count = Count()
        for _ in 1...2 {
            _ = late.lie().answer(to: Self.request) {
                count.add()
                return Self.truth
            }
        }
        #expect(count.value == 0 && late.count == 2)
        #expect(late.happen().map(\.status) == [200, 200])
        #expect(count.value == 2 && late.count == 0)
        #expect(late.happen().isEmpty)
    }
}

/// A number that goes up.
final class Count: Sendable {
    private let number = Mutex(0)

    var value: Int { number.withLock { $0 } }

    func add() { number.withLock { $0 += 1 } }
}
