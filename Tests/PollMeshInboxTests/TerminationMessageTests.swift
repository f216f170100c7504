import Foundation
import Logging
import ProgramFixture
import Testing

@testable import PollMeshInbox

@Suite struct TerminationMessageTests {
    private func stream(secrets: [String] = []) -> LogStream {
        LogStream(
            format: .text,
            redactor: Redactor(secrets.map(Secret.init)),
            writer: LineWriter(descriptor: -1),
            now: { LogFormatTests.time }
        )
    }

    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "termination-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path())
    }

    @Test func theFileHoldsTheSummaryAsJSONWhateverTheFormatOfTheLog() throws {
        try withFolder { folder in
            let path = "\(folder)/log"
            try String(repeating: "old", count: 1_000).write(toFile: path, atomically: false, encoding: .utf8)
            let record = stream().record(.info, "run finished", ["outcome": "moved", "bytes": .stringConvertible(5)])
            TerminationMessage(path: path, createsFile: false).write(record, of: stream(), within: .seconds(1))
            let object = try JSONLine(String(contentsOfFile: path, encoding: .utf8))
            #expect(object["msg"] == "run finished")
            #expect(object["outcome"] == "moved")
            #expect(object[number: "bytes"] == 5)
        }
    }

    @Test func aFileIsMadeOnlyWhereAUserNamedIt() throws {
        try withFolder { folder in
            let path = "\(folder)/log"
            let record = stream().record(.info, "run finished", [:])
            TerminationMessage(path: path, createsFile: false).write(record, of: stream(), within: .seconds(1))
            #expect(!FileManager.default.fileExists(atPath: path))
            TerminationMessage(path: path, createsFile: true).write(record, of: stream(), within: .seconds(1))
            #expect(FileManager.default.fileExists(atPath: path))
            TerminationMessage(path: "\(folder)/none/log", createsFile: true).write(
                record,
                of: stream(),
                within: .seconds(1)
            )
            TerminationMessage(path: folder, createsFile: true).write(record, of: stream(), within: .seconds(1))
        }
    }

    @Test(arguments: [10, 1_000, 100_000])
    func itIsValidJSONOfLessThan4096Bytes(length: Int) throws {
        let text = String(repeating: "\"é\u{1}", count: length)
        let few = String(repeating: "\"é\u{1}", count: min(length, 1_000))
        let values = [Logger.MetadataValue](repeating: .string(few), count: 300)
        let many = Dictionary(uniqueKeysWithValues: values.enumerated().map { ("field\($0)", $1) })
        for metadata in [["text": .string(text)], ["list": .array(values), "outcome": "failed"], many] {
            let record = stream().record(.error, "run finished", metadata)
            let content = TerminationMessage.content(record, of: stream())
            #expect(content.count < 4_096)
            let object = try JSONLine(content)
            #expect(object["msg"] == "run finished")
            #expect(object["outcome"] == (metadata["list"] == nil ? nil : "failed"))
        }
    }

    @Test func cuttingDoesNotLeaveHalfASecret() throws {
        let secret = String(repeating: "hush", count: 400)
        let stream = stream(secrets: [secret])
        let text = String(repeating: "x", count: 1_000) + secret + String(repeating: "y", count: 5_000)
        let content = TerminationMessage.content(stream.record(.error, "x", ["a": .string(text)]), of: stream)
        #expect(!String(decoding: content, as: UTF8.self).contains("hush"))
    }
}
