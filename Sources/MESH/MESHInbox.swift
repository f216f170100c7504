package import Curl
import Digests
import HTTPTypes
package import Transfer

/// A mailbox of the MESH API (NHSDigital/mesh-api-specification), version 2 of its media type.
package struct MESHInbox: Inbox {
    /// The largest answer to anything but a message that is read, in bytes.
    static let bodyLimit = 16 << 20

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

    /// Sends a request whose answer is no message.
    func perform(_ request: HTTPRequest, for operation: Operation) async throws(Failure) -> [UInt8] {
        let response: Response
        let body: [UInt8]
        do throws(CurlError) {
            (response, body) = try await client.perform(request, limit: Self.bodyLimit)
        } catch {
            throw Failure(error, operation)
        }
        guard response.status == .ok else { throw failure(response, body, operation) }
        return body
    }

    func failure(_ response: Response, _ body: [UInt8], _ operation: Operation) -> Failure {
        Failure(
            answer: response,
            body: body,
            operation: operation,
            server: configuration.authority,
            now: configuration.now()
        )
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
        _ = try await perform(request(.post, "", fields), for: .handshake)
    }

    /// `PUT {mailbox}/inbox/{id}/status/acknowledged`
    package func acknowledge(_ id: MessageID) async throws(Failure) {
        _ = try await perform(request(.put, "\(messagePath(id))/status/acknowledged"), for: .acknowledge)
    }

    /// `GET {mailbox}/inbox/{id}` and `GET {mailbox}/inbox/{id}/{n}`
    package func download(
        _ id: MessageID,
        chunk number: Int,
        skipping skipped: Int,
        as form: ContentForm
    ) async throws(Failure) -> any MessageChunk {
        let path = number == 1 ? messagePath(id) : "\(messagePath(id))/\(number)"
        let exchange: HTTPExchange
        do throws(CurlError) {
            exchange = try await client.send(request(.get, path, [Self.acceptGzip]))
        } catch {
            throw Failure(error, .download)
        }
        guard exchange.response.status == .ok || exchange.response.status == .partialContent else {
            let body: [UInt8]
            do throws(CurlError) {
                body = try await exchange.collect(limit: 1 << 16)
            } catch {
                // The status is worth more than the rest of its body.
                body = []
            }
            throw failure(exchange.response, body, .download)
        }
        return try MESHChunk(
            exchange,
            of: id,
            requested: number,
            skipping: skipped,
            as: form,
            server: configuration.authority
        )
    }

    private func messagePath(_ id: MessageID) -> String {
        // A segment of dots alone would climb to another resource wherever a path is normalised.
        let isDots = id.text == "." || id.text == ".."
        return "/inbox/\(PercentEncoding.encode(id.text) { !isDots && PercentEncoding.isUnreserved($0) })"
    }
}
