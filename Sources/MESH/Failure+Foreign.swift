import Curl
import HTTPTypes
import Transfer

extension Failure {
    /// An answer that is not MESH's own: a gateway, a proxy or a portal gave it in MESH's place. It proves nothing, and the
    /// next try may meet MESH.
    /// - Parameters:
    ///   - why: what it lacks, as it goes on after "an answer that ".
    static func foreign(
        _ operation: Operation,
        _ response: Response,
        body: [UInt8] = [],
        type: String = "foreign_answer",
        server: String,
        _ why: String
    ) -> Failure {
        let words = GatewayWords.text(response, body: body)
        return Failure(
            service: .mesh,
            kind: .transient,
            type: type,
            message:
                "\(familiar: operation.words.capitalizedFirst) got an answer from \(server) that \(familiar: why) (status \(response.status.code)\(words)).",
            advice: foreignAdvice,
            status: response.status.code,
            server: server
        )
    }

    /// A refusal that is not MESH's own, such as a gateway's page. It may well be why we don't get to MESH, but it says nothing
    /// about a message.
    static func foreignRefusal(
        _ answer: Response,
        body: [UInt8],
        operation: Operation,
        server: String,
        now: Int64
    ) -> Failure {
        let status = answer.status.code
        let kind = AnswerRule.rule(for: status, operation).kind
        return Failure(
            service: .mesh,
            kind: kind == .gone ? .transient : kind,
            type: kind == .gone ? "foreign_answer" : "http_\(status)",
            message: "Something in front of MESH (\(server)) answered \(familiar: operation.words) with "
                + "\(status)\(GatewayWords.text(answer, body: body)).",
            advice: foreignAdvice,
            status: status,
            server: server,
            retryAfter: answer.headerFields[.retryAfter].flatMap { RetryAfter.parse($0, now: now) }
        )
    }

    private static let foreignAdvice =
        "Something between here and MESH may have answered in its place, such as a proxy, a gateway or a login "
        + "page: check MESH_BASE_URL, and ask those who run the network."

    /// An answer whose end nobody can tell from a break.
    static func unfinished(_ operation: Operation, _ response: Response, server: String) -> Failure {
        Failure(
            service: .mesh,
            kind: .transient,
            type: "unframed_response",
            message:
                "\(server) did not say how long its answer to \(operation.words) is, so that its end can't be told from "
                + "a break.",
            advice: "Something between here and MESH takes Content-Length away: ask those who run the network.",
            status: response.status.code,
            server: server
        )
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
