import Foundation
import Testing

@testable import PollMeshInbox

@Suite struct FileContentTests {
    @Test func readsThroughSymbolicLinksAsKubernetesMakesThem() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "secrets-\(UUID())").path()
        let manager = FileManager.default
        try manager.createDirectory(atPath: "\(folder)/..data_1", withIntermediateDirectories: true)
        defer { try? manager.removeItem(atPath: folder) }
        try "word\n".write(toFile: "\(folder)/..data_1/MESH_PASSWORD", atomically: false, encoding: .utf8)
        try manager.createSymbolicLink(atPath: "\(folder)/..data", withDestinationPath: "..data_1")
        try manager.createSymbolicLink(atPath: "\(folder)/MESH_PASSWORD", withDestinationPath: "..data/MESH_PASSWORD")
        try manager.createSymbolicLink(atPath: "\(folder)/loop", withDestinationPath: "loop")
        try manager.createSymbolicLink(atPath: "\(folder)/dangling", withDestinationPath: "none")

        #expect(FileContent.reading("\(folder)/MESH_PASSWORD") == .bytes(Array("word\n".utf8)))
        #expect(FileContent.reading("\(folder)/none") == .missing)
        #expect(FileContent.reading("\(folder)/dangling") == .missing)
        #expect(FileContent.reading("\(folder)/MESH_PASSWORD/x") == .missing)
        #expect(FileContent.reading(folder) == .folder)
        #expect(FileContent.reading("\(folder)/loop") == .unreadable("its symbolic links lead in a circle"))
        #expect(FileContent.reading("/dev/zero") == .unreadable("it is larger than 1MiB"))
    }

    @Test func theProcesssEnvironmentIsReadWhole() {
        let sources = SettingSources.process()
        #expect(sources.environment["PATH"] == ProcessInfo.processInfo.environment["PATH"])
        #expect(sources.environment.count + sources.undecodable.count == ProcessInfo.processInfo.environment.count)
    }
}
