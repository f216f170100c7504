import Foundation
import Testing

/// A document of the project, part of which is made by the program: `UPDATE_DOCUMENTS=1 scripts/test --filter …` writes it.
struct Document {
    let path: URL

    init(_ name: String) {
        path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: name)
    }

    var text: String {
        get throws { try String(contentsOf: path, encoding: .utf8) }
    }

    /// Expects the lines between `<!-- NAME -->` and `<!-- /NAME -->` to be these, or makes them so where that is asked for.
    func expectPart(_ name: String, is expected: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let text = try text
        let start = try #require(text.firstRange(of: "<!-- \(name) -->\n"), sourceLocation: sourceLocation)
        let end = try #require(text.firstRange(of: "<!-- /\(name) -->"), sourceLocation: sourceLocation)
        let expected = expected.trimmingCharacters(in: .newlines) + "\n"
        if ProcessInfo.processInfo.environment["UPDATE_DOCUMENTS"] == "1" {
            let updated = text[..<start.upperBound] + expected + text[end.lowerBound...]
            try String(updated).write(to: path, atomically: true, encoding: .utf8)
            return
        }
        #expect(
            text[start.upperBound..<end.lowerBound] == expected,
            "Run UPDATE_DOCUMENTS=1 scripts/test --filter PollMeshInboxTests, and commit \(path.lastPathComponent).",
            sourceLocation: sourceLocation
        )
    }

    /// The first cells of the rows of all tables, where they are code: each of several names in one cell counts.
    func codeInFirstCells() throws -> [String] {
        try text.split(separator: "\n").filter { $0.hasPrefix("| `") }.flatMap { row -> [String] in
            let cell = row.dropFirst(2).prefix { $0 != "|" }
            return cell.split(separator: "`").enumerated().filter { $0.offset % 2 == 0 }.map { String($0.element) }
        }
    }
}
