import Logging
import Testing

@testable import Transfer

@Suite struct MarkedTextTests {
    private let said = "what they said"

    @Test func literalsAreOursAndWhatStandsBetweenThemIsNot() {
        let text: MarkedText = "It got \(404) from \(familiar: "the service"): \(said)."
        #expect(text.text == "It got 404 from the service: what they said.")
        #expect(text.parts.map(\.origin) == [.own, .familiar, .own, .foreign, .own])
        #expect(text.parts.map(\.text) == ["It got 404 from ", "the service", ": ", said, "."])
    }

    @Test func textsGoOnWithTheirMarks() {
        var text: MarkedText = "One"
        text += " of \(said)"
        text += "."
        let whole: MarkedText = "They: " + "\(text)" + " \(BlobName("a/b"))"
        #expect(whole.text == "They: One of what they said. a/b")
        #expect(whole.parts.map(\.origin) == [.own, .foreign, .own, .foreign])
        #expect(whole.parts.map(\.limit).filter { $0 != .max } == [200, 1_000])
    }

    @Test func ofATextOfOthersSoMuchIsKeptThatASecretInItIsWhole() {
        let text: MarkedText = "\(String(repeating: "é", count: 100_000))x"
        #expect(text.parts[0].text == String(repeating: "é", count: 2_048))
        let odd: MarkedText = "\("x" + String(repeating: "é", count: 100_000))"
        #expect(odd.text == "x" + String(repeating: "é", count: 2_047))
    }

    @Test func onlyWhatIsNotOursIsChanged() {
        let text: MarkedText = "abc \("abc") \(familiar: "abc")"
        #expect(text.mapForeign { $0.uppercased() }.text == "abc ABC ABC")
    }

    @Test func aLimitHoldsForAllPartsTogether() {
        let text: MarkedText = "0123456789\(said) and so on"
        #expect(text.limited(to: 100).parts.map(\.text) == text.parts.map(\.text))
        #expect(text.limited(to: 15).parts.map(\.limit) == [15, 5])
        #expect(text.limited(to: 10).parts.map(\.text) == ["0123456789", "…"])
        #expect(text.limited(to: 4).parts.map(\.limit) == [4])
    }

    @Test func aFailureKnowsWhichWordsAreOurs() {
        let failure = Failure(service: .mesh, kind: .transient, type: "a", message: "Not \(said).")
        #expect(failure.wording.parts.map(\.origin) == [.own, .foreign, .own])
        #expect(failure.message == "Not what they said.")
        #expect(Failure.invalid("a", "Not \(said).").wording == failure.wording)
    }

    @Test func anIDHasNothingButPrintableASCII() {
        var failure = Failure(
            service: .mesh,
            kind: .transient,
            type: "a",
            message: "b",
            requestID: "1-a\u{202e}\u{1b} é"
        )
        #expect(failure.fields["mesh.request_id"] == "1-a????")
        failure.requestID = "0/a+b="
        #expect(failure.fields["mesh.request_id"] == "0/a+b=")
    }
}
