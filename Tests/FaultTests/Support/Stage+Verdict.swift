import Foundation
import ProgramFixture
import TestServers
import Testing

/// What a case of a sweep found wrong; a case passes with none.
typealias Findings = [String]

extension Stage {
    /// What is wrong with the end of the story: every message is stored once, whole, and acknowledged; nothing else changed.
    /// - Parameter foreign: what was there before.
    func findings(foreign: [Stored] = []) -> Findings {
        var findings: Findings = []
        let stored = stored
        let copies = Dictionary(grouping: stored.filter { $0.messageID != nil }) { $0.messageID! }
        let acknowledged = mesh.acknowledged()
        for (id, message) in messages {
            let blobs = copies[id] ?? []
            if message.expected == .leftBehind {
                if !blobs.isEmpty || acknowledged.contains(id) { findings.append("\(id) was moved") }
                continue
            }
            if blobs.isEmpty { findings.append("\(id) is lost") }
            if blobs.count > 1 { findings.append("\(id) is stored \(blobs.count) times: \(blobs.map(\.name))") }
            if !acknowledged.contains(id) { findings.append("\(id) is not acknowledged") }
            for blob in blobs {
                if case .content(let content) = message.expected, blob.content != content {
                    findings.append("\(blob.name) has \(blob.content.count) bytes in place of \(content.count)")
                }
            }
        }
        let others = stored.filter { blob in blob.messageID.map { messages[$0] == nil } ?? true }
        let before = Dictionary(uniqueKeysWithValues: foreign.map { ($0.name, $0) })
        for blob in others {
            guard let old = before[blob.name] else {
                findings.append("\(blob.name) is nobody's")
                continue
            }
            if old.version != blob.version || old.content != blob.content { findings.append("\(blob.name) changed") }
        }
        if others.count < foreign.count { findings.append("\(foreign.count - others.count) foreign blobs are gone") }
        return findings + orderFindings(stored) + historyFindings()
    }

    /// P10: within a BSO, names sort as the inbox does.
    private func orderFindings(_ stored: [Stored]) -> Findings {
        let ids = stored.filter { $0.name.hasSuffix(".dat") }.compactMap(\.messageID)
        let groups = Dictionary(grouping: ids) { $0.prefix(3) }
        return groups.values.filter { $0 != $0.sorted() }.map { "names are not in inbox order: \($0)" }
    }

    /// P1, P2 and P7, by what the servers saw.
    private func historyFindings() -> Findings {
        var findings: Findings = []
        let tokens = mesh.tokens
        if Set(tokens).count < tokens.count { findings.append("a token was sent twice") }
        guard place == .blobService else { return findings }
        var written: Set<String> = []
        var ids: Set<String> = []
        for event in log.events {
            switch event {
            case .committed(_, let name, _, let metadata):
                guard !name.hasPrefix(".") else { continue }
                if !written.insert(name).inserted { findings.append("\(name) was written twice") }
                if let id = metadata["meshmessageid"]?.removingPercentEncoding { ids.insert(id) }
            case .acknowledged(_, let id) where !ids.contains(id):
                findings.append("\(id) was acknowledged before it was stored")
            case .deleted(_, let name):
                findings.append("\(name) was deleted")
            default: break
            }
        }
        return findings
    }
}
