import Foundation
import Testing

@testable import PollMeshInbox

@Suite struct READMETests {
    private func readme() throws -> String { try Document("README.md").text }

    @Test func theTableOfSettingsIsThatOfTheProgram() throws {
        try Document("README.md").expectPart("settings", is: SettingsListing.render(as: .markdown))
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
