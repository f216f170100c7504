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
                "\(operation.words.capitalizedFirst) got an answer from \(server) that \(why) (status \(response.status.code)\(words)).",
            advice: "Something between here and MESH may have answered in its place, such as a proxy, a gateway or a login "
                + "page: check MESH_BASE_URL, and ask those who run the network.",
            status: response.status.code,
            server: server
        )
    }

    /// An answer whose end nobody can tell from a break.
    static func unfinished(_ operation: Operation, _ response: Response, server: String) -> Failure {
        Failure(
            service: .mesh,
            kind: .transient,
            type: "unframed_response",
            message: "\(server) did not say how long its answer to \(operation.words) is, so that its end can't be told from "
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
