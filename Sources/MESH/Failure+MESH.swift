import Curl
import HTTPTypes
import Transfer

/// What was asked of MESH.
enum Operation: Sendable, Equatable {
    case handshake
    case list
    case download
    case acknowledge

    /// Ends the sentence "MESH refused …".
    var words: String {
        switch self {
        case .handshake: "the handshake"
        case .list: "the listing of the inbox"
        case .download: "the download"
        case .acknowledge: "the acknowledgement"
        }
    }
}

extension Failure {
    /// What an exchange that broke means.
    init(_ error: CurlError, _ operation: Operation) {
        let kind: Kind
        switch error.kind {
        case .cancelled: kind = .cancelled
        case .staleConnection: kind = .staleConnection
        case .tls: kind = error.isLastingTLSFailure ? .refused : .transient
        default: kind = .transient
        }
        self.init(
            service: .mesh,
            kind: kind,
            type: error.typeName,
            message: "MESH did not complete \(operation.words): \(error.explanation)",
            advice: error.advice,
            server: error.host
        )
    }

    /// What an answer other than success means.
    /// - Parameter now: seconds since 1970, to compare with the server's clock.
    init(answer: Response, body: [UInt8], operation: Operation, server: String, now: Int64) {
        let status = answer.status.code
        let said = ErrorBody(status: status, body: body)
        let words = [said.code, said.message].compactMap { $0 }.joined(separator: ", ")
        self.init(
            service: .mesh,
            kind: Self.kind(status, operation),
            type: said.code ?? "http_\(status)",
            message:
                "MESH (\(server)) answered \(operation.words) with \(status)\(words.isEmpty ? "" : " (\(words))").",
            advice: Self.advice(status, operation, answer, now),
            status: status,
            requestID: answer.headerFields[.requestID] ?? answer.headerFields[.correlationID],
            server: server,
            retryAfter: answer.headerFields[.retryAfter].flatMap { RetryAfter.parse($0, now: now) }
        )
    }

    private static func kind(_ status: Int, _ operation: Operation) -> Kind {
        switch (status, operation) {
        case (408, _), (425, _), (429, _), (500, _), (502, _), (503, _), (504, _): .transient
        case (404, .download), (410, .download), (404, .acknowledge), (410, .acknowledge): .gone
        case (401, _), (403, _): .refused
        case (404, .handshake), (404, .list): .settings
        case (200, _): .transient
        default: .permanent
        }
    }

    private static func advice(_ status: Int, _ operation: Operation, _ answer: Response, _ now: Int64) -> String? {
        switch (status, operation) {
        case (401, _), (403, _):
            if let skew = clockSkew(answer, now) {
                return "This machine's clock is \(skew) of the server's, and a token holds for 2 hours: set the clock."
            }
            return
                "Check MESH_MAILBOX_ID, MESH_PASSWORD, MESH_SHARED_KEY, and that the client certificate is this mailbox's."
        case (404, .handshake), (404, .list): return "Check MESH_BASE_URL and MESH_MAILBOX_ID."
        case (404, .download): return "The message is not in this inbox, or a part of it is missing."
        case (410, .download): return "The message has expired, has failed, or is still being uploaded."
        case (400, .list): return "Check MESH_WORKFLOW_FILTER."
        case (300..<400, _): return "Redirects are not followed; check MESH_BASE_URL."
        case (200, _), (404, _), (410, _), (500..., _), (408, _), (425, _), (429, _): return nil
        default: return "Check MESH_BASE_URL, and that it leads to MESH itself."
        }
    }

    /// By how much the clocks differ, if that is more than five minutes.
    private static func clockSkew(_ answer: Response, _ now: Int64) -> String? {
        guard let date = answer.headerFields[.date].flatMap({ HTTPDate.parse($0) }) else { return nil }
        let minutes = (now - date) / 60
        guard abs(minutes) > 5 else { return nil }
        return "\(abs(minutes)) minutes \(minutes > 0 ? "ahead" : "behind")"
    }
}

extension HTTPField.Name {
    static let requestID = Self("x-request-id")!
    static let correlationID = Self("x-correlation-id")!
}
