package import Curl
import Digests
import HTTPTypes
package import Transfer

/// A mailbox of the MESH API (NHSDigital/mesh-api-specification), version 2 of its media type.
package struct MESHInbox: Inbox {
    /// The bytes that are read of an answer to anything but a listing or a download.
    static let bodyLimit = 64 << 10
    /// The bytes that a listing may have.
    static let listingLimit = 16 << 20

    let client: HTTPClient
    let configuration: MailboxConfiguration
    private let token: Token?
    private let mailboxPath: String

    package init(client: HTTPClient, configuration: MailboxConfiguration) {
        self.client = client
        self.configuration = configuration
        self.token = configuration.credentials.map {
            Token(mailbox: $0.username, password: $0.password, sharedKey: $0.sharedKey)
        }
        let mailbox = PercentEncoding.encode(configuration.mailboxID)
        self.mailboxPath = "\(configuration.basePath)/messageexchange/\(mailbox)"
    }

    /// A request with a token of its own.
    /// - Parameters:
    ///   - path: what follows the mailbox, or a whole path if `isWhole`.
    ///   - fields: beside those that every request has.
    func request(
        _ method: HTTPRequest.Method,
        _ path: String,
        isWhole: Bool = false,
        _ fields: [HTTPField] = []
    ) -> HTTPRequest {
        var fields = fields
        fields.append(Self.accept)
        if let token {
            let header = token.header(nonce: SecureRandom.uuid(), count: 0, now: configuration.now())
            fields.append(HTTPField(name: .authorization, value: header))
        }
        return HTTPRequest(
            method: method,
            scheme: configuration.scheme,
            authority: configuration.authority,
            path: isWhole ? path : mailboxPath + path,
            headerFields: HTTPFields(fields)
        )
    }

    private static let accept = HTTPField(name: .accept, value: "application/vnd.mesh.v2+json")
    private static let acceptGzip = HTTPField(name: .acceptEncoding, value: "gzip")

    /// Sends a request, and returns when the head of the answer is there.
    func send(_ request: HTTPRequest, for operation: Operation) async throws(Failure) -> HTTPExchange {
        do throws(CurlError) {
            return try await client.send(request)
        } catch {
            throw Failure(error, operation)
        }
    }

    /// Sends a request whose answer says no more than that it was done.
    /// - Parameter id: of the message that it is about.
    private func perform(_ request: HTTPRequest, for operation: Operation, id: MessageID? = nil) async throws(Failure) {
        let exchange = try await send(request, for: operation)
        let response = exchange.response
        guard response.status == .ok else { throw await refusal(exchange, operation) }
        let body: (bytes: [UInt8], end: BodyEnd)
        do throws(CurlError) {
            body = try await exchange.collect(limit: Self.bodyLimit)
        } catch {
            throw Failure(error, operation)
        }
        // A body that is cut off is too long to be MESH's.
        guard body.end != .connectionClosed else {
            throw .unfinished(operation, response, server: configuration.authority)
        }
        if let flaw = AnswerProof.flaw(inBody: body.bytes, of: operation, id: id) {
            throw foreign(operation, response, body: body.bytes, type: flaw.type, flaw.text)
        }
    }

    /// What an answer other than success means, with as much of its body as explains it.
    func refusal(_ exchange: HTTPExchange, _ operation: Operation) async -> Failure {
        let body: [UInt8]
        do throws(CurlError) {
            body = try await exchange.collect(limit: Self.bodyLimit).bytes
        } catch {
            // The status is worth more than the rest of its body.
            body = []
        }
        return Failure(
            answer: exchange.response,
            body: body,
            operation: operation,
            server: configuration.authority,
            now: configuration.now()
        )
    }

    func foreign(
        _ operation: Operation,
        _ response: Response,
        body: [UInt8] = [],
        type: String = "foreign_answer",
        _ why: String
    ) -> Failure {
        .foreign(operation, response, body: body, type: type, server: configuration.authority, why)
    }
}

extension MESHInbox {
    /// `POST {mailbox}`: at least once in 24 hours, and once a run here.
    package func handshake() async throws(Failure) {
        let client = configuration.client
        let fields = [
            ("Mex-ClientVersion", client.version), ("Mex-OSName", client.osName), ("Mex-OSVersion", client.osVersion),
            ("Mex-OSArchitecture", client.osArchitecture),
        ].map { HTTPField(name: HTTPField.Name($0.0)!, value: $0.1) }
        try await perform(request(.post, "", fields), for: .handshake)
    }

    /// `PUT {mailbox}/inbox/{id}/status/acknowledged`
    package func acknowledge(_ id: MessageID) async throws(Failure) {
        try await perform(request(.put, "\(messagePath(id))/status/acknowledged"), for: .acknowledge, id: id)
    }

    /// `GET {mailbox}/inbox/{id}` and `GET {mailbox}/inbox/{id}/{n}`
    package func download(
        _ id: MessageID,
        chunk number: Int,
        as form: ContentForm
    ) async throws(Failure) -> any MessageChunk {
        let path = number == 1 ? messagePath(id) : "\(messagePath(id))/\(number)"
        let exchange = try await send(request(.get, path, [Self.acceptGzip]), for: .download)
        guard exchange.response.status == .ok || exchange.response.status == .partialContent else {
            throw await refusal(exchange, .download)
        }
        return try MESHChunk(exchange, of: id, requested: number, as: form, server: configuration.authority)
    }

    private func messagePath(_ id: MessageID) -> String {
        // A segment of dots alone would climb to another resource wherever a path is normalised.
        let isDots = id.text == "." || id.text == ".."
        return "/inbox/\(PercentEncoding.encode(id.text) { !isDots && PercentEncoding.isUnreserved($0) })"
    }
}
