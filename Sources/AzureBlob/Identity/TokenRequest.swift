internal import Curl
internal import HTTPTypes
internal import Transfer

/// A request for an access token.
struct TokenRequest {
    var message: HTTPRequest
    var body: RequestBody

    /// Builds the request that a source answers.
    /// - Parameter assertion: the token of the cluster, for workload identity.
    init(_ source: TokenSource, assertion: String? = nil) {
        switch source.way {
        case .clientSecret(let application, let secret):
            self.init(application, proof: [("client_secret", secret)])
        case .workloadIdentity(let application, _):
            let type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            self.init(
                application,
                proof: [("client_assertion_type", type), ("client_assertion", assertion ?? "")]
            )
        case .appService(let endpoint, let header, let clientID):
            self.init(endpoint, path: endpoint.path.isEmpty ? "/" : "", version: "2019-08-01", clientID: clientID)
            message.headerFields[.identityHeader] = header
        case .instanceMetadata(let clientID):
            let path = "/metadata/identity/oauth2/token"
            self.init(source.endpoint, path: path, version: "2018-02-01", clientID: clientID)
            message.headerFields[.metadata] = "true"
        }
    }

    /// The client credentials flow ("Microsoft identity platform and the OAuth 2.0 client credentials flow").
    private init(_ application: TokenSource.Application, proof: [(name: String, value: String)]) {
        let form =
            [
                ("client_id", application.clientID),
                ("grant_type", "client_credentials"),
                ("scope", "\(TokenSource.resource)/.default"),
            ] + proof
        body = .bytes(Array(Self.encode(form).utf8))
        message = Self.message(
            .post,
            application.authority,
            "/\(PercentEncoding.encode(application.tenantID))/oauth2/v2.0/token"
        )
        message.headerFields[.contentType] = "application/x-www-form-urlencoded"
    }

    /// What the services of a machine are asked for ("Managed identities: acquire a token over HTTP").
    private init(_ endpoint: ServiceURL, path: String, version: String, clientID: String?) {
        var query = [("api-version", version), ("resource", TokenSource.resource)]
        if let clientID {
            query.append(("client_id", clientID))
        }
        body = .none
        message = Self.message(.get, endpoint, "\(path)?\(Self.encode(query))")
    }

    private static func message(_ method: HTTPRequest.Method, _ place: ServiceURL, _ path: String) -> HTTPRequest {
        HTTPRequest(
            method: method,
            scheme: place.scheme,
            authority: place.authority,
            path: place.path + path,
            headerFields: [.accept: "application/json"]
        )
    }

    private static func encode(_ pairs: [(name: String, value: String)]) -> String {
        pairs.map { "\($0.name)=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
    }
}

extension HTTPField.Name {
    static let identityHeader = Self("X-IDENTITY-HEADER")!
    static let metadata = Self("Metadata")!
}
