import Foundation
import TestServers
import Testing

extension Scene {
    /// Expects that each stored blob is one of these messages, whole, and that no message is stored twice; what was
    /// acknowledged is stored.
    /// - Parameter contents: what the messages may hold, by their ids; where several are given, any one of them.
    func expectNothingWrong(_ contents: [String: [[UInt8]]], sourceLocation: SourceLocation = #_sourceLocation) {
        var stored: [String] = []
        for name in names {
            guard let blob = store.blob(name, in: "mesh-messages") else { continue }
            let id = blob.metadata["meshmessageid"]?.removingPercentEncoding ?? ""
            stored.append(id)
            let isRight = contents[id]?.contains(blob.bytes) ?? false
            let start = String(decoding: blob.bytes.prefix(80).filter { 0x20..<0x7f ~= $0 }, as: UTF8.self)
            #expect(isRight, "\(name) has \(blob.length) bytes: \(start)", sourceLocation: sourceLocation)
        }
        #expect(Set(stored).count == stored.count, "stored twice: \(stored)", sourceLocation: sourceLocation)
        let lost = Set(mesh.acknowledged()).subtracting(stored)
        #expect(lost.isEmpty, "acknowledged and not stored", sourceLocation: sourceLocation)
    }

    /// How often a blob was committed for a message, whatever became of it.
    func commits(of id: String) -> Int {
        log.events.count { event in
            guard case .committed(_, _, _, let metadata) = event else { return false }
            return metadata["meshmessageid"]?.removingPercentEncoding == id
        }
    }
}
