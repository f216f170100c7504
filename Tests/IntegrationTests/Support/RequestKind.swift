import TestServers

/// What the program asks for, as a server sees it.
enum RequestKind: String, Sendable, CaseIterable {
    case handshake
    case listing
    case download
    case acknowledgement
    case createContainer
    case takeLease
    case renewLease
    case releaseLease
    case readJournal
    /// Without a lease; the probe of a check is written like it.
    case createJournal
    case writeJournal
    case putBlob
    case putBlock
    case commitBlocks
    /// Whether there is a blob of a name.
    case look
    case token
    case metrics

    init?(_ request: HTTPServer.RequestContext) {
        guard let kind = Self.kind(request.method, request.target, action: request.headers["x-ms-lease-action"])
        else { return nil }
        let isUnderLease = request.headers["x-ms-lease-id"] != nil
        self = kind == .writeJournal && !isUnderLease ? .createJournal : kind
    }

    private static func kind(_ method: String, _ target: String, action: String?) -> RequestKind? {
        if target.hasPrefix("/messageexchange/") {
            switch method {
            case "POST": return .handshake
            case "PUT": return .acknowledgement
            default: return target.contains("/inbox/") ? .download : .listing
            }
        }
        if target.contains("restype=container") { return .createContainer }
        switch action {
        case "acquire": return .takeLease
        case "renew": return .renewLease
        case "release": return .releaseLease
        default: break
        }
        let isJournal = target.contains("/.poll-mesh-inbox/")
        switch method {
        case "GET" where isJournal: return .readJournal
        case "PUT" where isJournal: return .writeJournal
        case "HEAD": return .look
        case "PUT" where target.contains("comp=blocklist"): return .commitBlocks
        case "PUT" where target.contains("comp=block"): return .putBlock
        case "PUT": return .putBlob
        case "POST" where target == "/v1/metrics": return .metrics
        default: return target.contains("/token") ? .token : nil
        }
    }
}

extension HTTPServer.RequestContext {
    func isA(_ kind: RequestKind) -> Bool { RequestKind(self) == kind }

    /// Whether it downloads a message, or one chunk of it.
    func isDownload(of id: String, chunk: Int = 1) -> Bool {
        isA(.download) && target.hasSuffix(chunk == 1 ? "/inbox/\(id)" : "/inbox/\(id)/\(chunk)")
    }

    func isAcknowledgement(of id: String) -> Bool {
        isA(.acknowledgement) && target.hasSuffix("/inbox/\(id)/status/acknowledged")
    }
}
