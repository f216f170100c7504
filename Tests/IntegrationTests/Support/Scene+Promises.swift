import Foundation
import ProgramFixture
import TestServers
import Testing

extension Scene {
    /// P1, P2 and P7, by what the servers saw.
    func expectPromises(_ sourceLocation: SourceLocation) {
        expectAcknowledgedAfterStored(sourceLocation)
        let tokens = mesh.tokens
        #expect(Set(tokens).count == tokens.count, "a token was sent twice", sourceLocation: sourceLocation)
        let unconditional = creatingRequests.filter { $0.headers["If-None-Match"] != "*" }.map(\.target)
        #expect(unconditional == [], sourceLocation: sourceLocation)
    }

    /// A message is acknowledged only after its blob is there.
    private func expectAcknowledgedAfterStored(_ sourceLocation: SourceLocation) {
        guard place == .blobService else {
            #expect(names.count >= mesh.acknowledged().count, sourceLocation: sourceLocation)
            return
        }
        var stored: Set<String> = []
        var early: [String] = []
        for event in log.events {
            switch event {
            case .committed(_, _, _, let metadata):
                if let id = metadata["meshmessageid"]?.removingPercentEncoding { stored.insert(id) }
            case .acknowledged(_, let id):
                if !stored.contains(id) { early.append(id) }
            default: break
            }
        }
        #expect(early == [], "acknowledged before it was stored", sourceLocation: sourceLocation)
    }

    /// The requests that create blobs in one piece, or commit them; the journal is rewritten, and not among them.
    var creatingRequests: [HTTPServer.RecordedRequest] {
        store.http.requests.filter { request in
            guard request.method == "PUT", !request.target.contains("/.poll-mesh-inbox/") else { return false }
            return request.target.contains("comp=blocklist") || !request.target.contains("?")
        }
    }
}
