package import Curl
import HTTPTypes
package import Transfer

/// Sends metrics to a collector, by OTLP over HTTP with JSON (OTLP specification 1.x, "OTLP/HTTP").
package struct MetricsExporter: Sendable {
    private let client: HTTPClient
    private let url: ServiceURL
    private let headers: HTTPFields
    private let timeLimit: Duration

    /// - Parameters:
    ///   - url: with the whole path, such as `/v1/metrics`.
    ///   - headers: what the collector wants to see beside the content.
    ///   - timeLimit: after this nothing is waited for any more.
    package init(client: HTTPClient, url: ServiceURL, headers: [(name: String, value: String)], timeLimit: Duration) {
        self.client = client
        self.url = url
        self.timeLimit = timeLimit
        var fields = HTTPFields()
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        fields[.contentType] = "application/json"
        self.headers = fields
    }

    /// Tries once to send an encoded ``MetricsRequest``.
    /// - Parameter sleep: as `Task.sleep`.
    /// - Returns: why the metrics did not arrive, or `nil`.
    package func send(
        _ content: [UInt8],
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) async -> ExportFailure? {
        await withTaskGroup(of: ExportFailure?.self) { group in
            group.addTask { await post(content) }
            group.addTask {
                try? await sleep(timeLimit)
                return ExportFailure(type: "timeout", message: "The collector did not answer within \(timeLimit).", url)
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    private func post(_ content: [UInt8]) async -> ExportFailure? {
        let request = HTTPRequest(
            method: .post,
            scheme: url.scheme,
            authority: url.authority,
            path: url.path.isEmpty ? "/" : url.path,
            headerFields: headers
        )
        let answer: HTTPAnswer
        do throws(CurlError) {
            answer = try await client.perform(request, body: .bytes(content), limit: 64 << 10)
        } catch {
            return ExportFailure(type: error.typeName, message: error.explanation, url)
        }
        let status = answer.response.status.code
        guard (200..<300).contains(status) else {
            return ExportFailure(
                type: "http_\(status)",
                message: "The collector answered \(status) at \(url.path).",
                status: status,
                url
            )
        }
        guard let rejected = Self.rejectedPoints(answer.body), rejected > 0 else { return nil }
        return ExportFailure(
            type: "metrics_rejected",
            message: "The collector took the metrics and rejected \(rejected) of their points.",
            status: status,
            url
        )
    }

    /// How many points the collector did not take, by the body of its answer.
    private static func rejectedPoints(_ body: [UInt8]) -> Int? {
        JSONValue(body)?["partialSuccess"]?["rejectedDataPoints"]?.string.flatMap { Int($0) }
    }
}

/// Why metrics did not arrive.
package struct ExportFailure: Error, Sendable {
    /// For `error.type`.
    package var type: String
    /// What happened, in one sentence.
    package var message: String
    package var status: Int?
    package var server: String

    init(type: String, message: String, status: Int? = nil, _ url: ServiceURL) {
        self.type = type
        self.message = message
        self.status = status
        server = url.authority
    }
}
