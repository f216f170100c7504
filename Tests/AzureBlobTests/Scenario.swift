import Blocks
import Curl
import HTTPTypes
import Synchronization
import Transfer

@testable import AzureBlob

/// A store whose requests are recorded and answered from a list.
final class Scenario: Sendable {
    struct Exchange: Sendable {
        var request: HTTPRequest
        var body: [UInt8]
    }

    enum Reply: Sendable {
        case answer(Int, fields: ResponseFields = [:], body: String = "", end: BodyEnd = .lengthMet)
        /// As it is, where ``answer(_:fields:body:)`` adds what every answer of storage has.
        case foreign(Int, fields: ResponseFields = [:], body: String = "")
        case broken(CurlError)
    }

    /// 2026-11-23 15:00:00 UTC
    static let now: Int64 = 1_795_446_000

    private struct State {
        var replies: [Reply]
        var exchanges: [Exchange] = []
        var randomCalls: UInt8 = 0
    }

    private let state: Mutex<State>

    init(_ replies: [Reply]) {
        state = Mutex(State(replies: replies))
    }

    var exchanges: [Exchange] {
        state.withLock { $0.exchanges }
    }

    /// What was asked, as `METHOD target`.
    var lines: [String] {
        exchanges.map { "\($0.request.method) \($0.request.path ?? "")" }
    }

    func store(_ connection: String = "UseDevelopmentStorage=true") throws -> AzureBlobStore {
        let settings = try ConnectionString(connection)
        return AzureBlobStore(
            endpoint: settings.endpoint,
            credential: settings.credential,
            container: try ContainerName("inbox"),
            clock: { Self.now },
            random: { count in
                self.state.withLock { state in
                    state.randomCalls += 1
                    return [UInt8](repeating: state.randomCalls, count: count)
                }
            },
            transport: { (request, body, limit, mayBeSent) async throws(CurlError) in
                if let mayBeSent, !mayBeSent() { throw CurlError(kind: .withheld, code: 42, text: "", host: "") }
                return try self.exchange(request, body, limit)
            }
        )
    }

    private func exchange(
        _ request: HTTPRequest,
        _ body: RequestBody,
        _ limit: Int
    ) throws(CurlError) -> HTTPAnswer {
        let content: [UInt8] =
            switch body {
            case .none: []
            case .bytes(let bytes): bytes
            case .block(let block): [UInt8](block.bytes)
            }
        let reply = state.withLock { state in
            state.exchanges.append(Exchange(request: request, body: content))
            return state.replies.isEmpty ? Reply.answer(599) : state.replies.removeFirst()
        }
        switch reply {
        case .answer(let status, let fields, let body, let end):
            return Self.answer(status, Self.own(fields, of: request), body, limit, end)
        case .foreign(let status, let fields, let body):
            return Self.answer(status, fields, body, limit)
        case .broken(let error):
            throw error
        }
    }
}

extension Scenario {
    private static func answer(
        _ status: Int,
        _ fields: ResponseFields,
        _ body: String,
        _ limit: Int,
        _ end: BodyEnd = .lengthMet
    ) -> HTTPAnswer {
        let bytes = [UInt8](body.utf8)
        return HTTPAnswer(
            response: Response(status: .init(code: status), headerFields: fields),
            body: Array(bytes.prefix(limit)),
            end: bytes.count > limit ? .cutOff : end
        )
    }

    /// What every answer of storage has, where the test does not say otherwise.
    private static func own(_ fields: ResponseFields, of request: HTTPRequest) -> ResponseFields {
        var fields = fields
        if fields[.serviceRequestID] == nil { fields.append(.serviceRequestID, "service-request") }
        if fields[.eTag] == nil { fields.append(.eTag, "\"etag\"") }
        if fields[.clientRequestID] == nil, let id = request.headerFields[.clientRequestID] {
            fields.append(.clientRequestID, id)
        }
        let lease = request.headerFields[.leaseID] ?? request.headerFields[.proposedLeaseID]
        if fields[.leaseID] == nil, let lease { fields.append(.leaseID, lease) }
        return fields
    }
}

extension Scenario.Reply {
    /// An error as the service answers it.
    static func error(_ status: Int, _ code: String) -> Scenario.Reply {
        .answer(
            status,
            fields: [.errorCode: code],
            body:
                "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>\(code)</Code><Message>Words.</Message></Error>"
        )
    }
}
