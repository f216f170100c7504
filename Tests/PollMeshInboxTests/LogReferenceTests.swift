import Foundation
import Testing
import Transfer

@testable import PollMeshInbox

@Suite struct LogReferenceTests {
    @Test func theDocumentIsWhatTheCodeSays() throws {
        try Document("docs/log-reference.md").expectPart("reference", is: LogReference.markdown)
    }

    @Test func everySentenceIsThereOnce() {
        let texts = LogSentence.all.map(\.text)
        #expect(Set(texts).count == texts.count)
    }

    @Test func everyFieldIsExplainedOnceAndBelongsToALine() {
        let explained = (LogReference.common + LogReference.failure + LogReference.special).map(\.name)
        #expect(Set(explained).count == explained.count)
        let used = Set(LogSentence.all.flatMap(\.fields))
        #expect(used.subtracting(explained) == [])
        #expect(Set(LogReference.special.map(\.name)).subtracting(used) == [])
    }

    /// A line that no sentence was made for would be in no reference.
    @Test func nothingIsLoggedPastTheSentences() throws {
        let sources = Document("Sources").path
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        let call = #/\b(?:log|logger)\.(?:trace|debug|info|notice|warning|error|critical)\(/#
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            #expect(text.firstMatch(of: call) == nil, "\(file.lastPathComponent)")
        }
    }
}
