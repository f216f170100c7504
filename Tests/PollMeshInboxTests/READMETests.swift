import Foundation
import Testing

@testable import PollMeshInbox

@Suite struct READMETests {
    private func readme() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    }

    @Test func theTableOfSettingsIsThatOfTheProgram() throws {
        let readme = try readme()
        let start = try #require(readme.firstRange(of: "<!-- settings -->\n"))
        let end = try #require(readme.firstRange(of: "<!-- /settings -->"))
        let table = readme[start.upperBound..<end.lowerBound]
        let expected = SettingsListing.render(as: .markdown)
        #expect(
            table.trimmingCharacters(in: .newlines) + "\n" == expected,
            "Put the output of `poll-mesh-inbox settings --format markdown` between the marks."
        )
    }

    @Test func everyExitStatusIsExplained() throws {
        let readme = try readme()
        for status in PollMeshInbox.ExitStatus.allCases {
            #expect(readme.contains("\n| \(status.rawValue) |"), "\(status)")
        }
    }

    @Test func itStaysShort() throws {
        #expect(try readme().split(separator: "\n", omittingEmptySubsequences: false).count < 200)
    }
}
