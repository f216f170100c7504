import Foundation
import ProgramFixture
import Testing

extension Scene {
    /// Polls, and looks at what the process had in memory at most.
    /// - Returns: the run, and its peak in KiB.
    func measure(
        _ changes: [String: String?] = [:],
        limit: Duration = .seconds(120),
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> (run: JobRun, peak: Int) {
        var program = try Program()
        program.launcher = [try Place.python(), Place.script("peak_memory.py"), folder.file("peak")]
        let run = try await run([], changes, program: program, limit: limit, sourceLocation: sourceLocation)
        let text = folder.text(of: "peak")?.trimmingCharacters(in: .whitespacesAndNewlines)
        return (run, try #require(text.flatMap { Int($0) }, sourceLocation: sourceLocation))
    }
}
