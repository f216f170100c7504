import Synchronization

/// The state of a strict token server and what it answers.
final class TokenCore: Sendable {
    let options: Mutex<StrictTokenServer.Options>
    let issued: IssuedTokens
    let clock: ServerClock

    init(options: StrictTokenServer.Options, issued: IssuedTokens, clock: ServerClock) {
        self.options = Mutex(options)
        self.issued = issued
        self.clock = clock
    }

    func answer(_ request: HTTPServer.Request) -> HTTPServer.Response {
        let options = options.withLock { $0 }
        var response: HTTPServer.Response =
            switch request.path {
            case "/msi/token": appService(request, options)
            case "/metadata/identity/oauth2/token": instanceMetadata(request, options)
            default: entra(request, options)
            }
        if response.headers["Date"] == nil {
            response.headers.append("Date", Timestamp.http(clock.now))
        }
        return response
    }

    /// "Microsoft identity platform and the OAuth 2.0 client credentials flow".
    private func entra(_ request: HTTPServer.Request, _ options: StrictTokenServer.Options) -> HTTPServer.Response {
        let now = clock.now
        func refuse(_ status: Int, _ code: Int, _ text: String) -> HTTPServer.Response {
            Self.refusal(status, code, text, now: now)
        }
        let segments = request.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard segments.count == 4, segments.dropFirst().elementsEqual(["oauth2", "v2.0", "token"]) else {
            return HTTPServer.Response(404)
        }
        guard request.method == "POST", request.query == nil else {
            return refuse(400, 900561, "The endpoint only accepts POST requests.")
        }
        guard segments.first.map(String.init) == options.tenantID else {
            return refuse(400, 90002, "Tenant '\(segments.first ?? "")' not found.")
        }
        guard request.headers["Content-Type"] == "application/x-www-form-urlencoded",
            let form = Pairs(String(decoding: request.body, as: UTF8.self))
        else {
            return refuse(400, 900144, "The request body must contain the following parameter: 'grant_type'.")
        }
        let isFederated = form["client_assertion"] != nil
        let proof: Set<String> = isFederated ? ["client_assertion", "client_assertion_type"] : ["client_secret"]
        guard form.names == proof.union(["client_id", "grant_type", "scope"]) else {
            return refuse(400, 900144, "The request body has other parameters: \(form.names.sorted()).")
        }
        guard form["grant_type"] == "client_credentials" else {
            return refuse(400, 70003, "The app requested an unsupported grant type.")
        }
        guard form["scope"] == "https://storage.azure.com/.default" else {
            return refuse(400, 500011, "The resource principal named \(form["scope"] ?? "") was not found.")
        }
        guard let client = form["client_id"], client == options.clientID else {
            return refuse(400, 700016, "Application with identifier '\(form["client_id"] ?? "")' was not found.")
        }
        if let assertion = form["client_assertion"] {
            guard form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" else {
                return refuse(400, 7_000_216, "'client_assertion_type' is required.")
            }
            if let refusal = refusal(assertion, options.federated, now) { return refusal }
        } else if form["client_secret"] != options.clientSecret {
            return refuse(401, 7_000_215, "Invalid client secret provided: \(form["client_secret"] ?? "").")
        }
        let number = { (value: Int) in options.writesNumbersAsStrings ? "\"\(value)\"" : "\(value)" }
        var fields = ["\"token_type\":\"Bearer\"", "\"expires_in\":\(number(options.lifetime))"]
        if let refreshIn = options.refreshIn { fields.append("\"refresh_in\":\(number(refreshIn))") }
        fields.append("\"access_token\":\"\(issue(options))\"")
        return Self.json(200, "{\(fields.joined(separator: ","))}")
    }

    private func refusal(_ text: String, _ trusted: FederatedToken, _ now: Int) -> HTTPServer.Response? {
        guard let token = FederatedToken(text: text) else {
            return Self.refusal(401, 50027, "JWT token is invalid or malformed: \(text)", now: now)
        }
        if token.iss != trusted.iss {
            return Self.refusal(401, 700211, "No matching federated identity record found for issuer.", now: now)
        }
        if token.aud != trusted.aud {
            return Self.refusal(401, 700212, "No matching federated identity record found for audience.", now: now)
        }
        if token.sub != trusted.sub {
            return Self.refusal(401, 700213, "No matching federated identity record found for subject.", now: now)
        }
        if token.exp <= now || token.exp - 86_400 > now {
            return Self.refusal(401, 700024, "Client assertion is not within its valid time range.", now: now)
        }
        return nil
    }

    /// "How to use managed identities for App Service: REST endpoint reference".
    private func appService(_ request: HTTPServer.Request, _ options: StrictTokenServer.Options)
        -> HTTPServer.Response
    {
        guard request.headers["X-IDENTITY-HEADER"] == options.identityHeader else {
            return Self.json(401, #"{"statusCode":401,"message":"Unauthorized","correlationId":"\#(freshGUID())"}"#)
        }
        guard let problem = managed(request, version: "2019-08-01", options) else {
            let end = clock.now + options.lifetime
            return Self.json(
                200,
                "{\"access_token\":\"\(issue(options))\",\"expires_on\":\"\(end)\","
                    + "\"resource\":\"https://storage.azure.com\",\"token_type\":\"Bearer\"}"
            )
        }
        return Self.json(400, #"{"statusCode":400,"message":\#(jsonString(problem))}"#)
    }

    /// "How to use managed identities on a virtual machine to acquire an access token".
    private func instanceMetadata(_ request: HTTPServer.Request, _ options: StrictTokenServer.Options)
        -> HTTPServer.Response
    {
        func refuse(_ text: String) -> HTTPServer.Response {
            Self.json(400, #"{"error":"invalid_request","error_description":\#(jsonString(text))}"#)
        }
        guard request.headers["Metadata"] == "true", request.headers["X-Forwarded-For"] == nil else {
            return refuse("Required metadata header not specified")
        }
        if let problem = managed(request, version: "2018-02-01", options) { return refuse(problem) }
        let end = clock.now + options.lifetime
        return Self.json(
            200,
            "{\"access_token\":\"\(issue(options))\",\"client_id\":\"\(options.clientID)\","
                + "\"expires_in\":\"\(options.lifetime)\",\"expires_on\":\"\(end)\",\"ext_expires_in\":\"0\","
                + "\"not_before\":\"\(clock.now)\",\"resource\":\"https://storage.azure.com\","
                + "\"token_type\":\"Bearer\"}"
        )
    }

    /// What is wrong with a request for a managed identity's token, if anything.
    private func managed(
        _ request: HTTPServer.Request,
        version: String,
        _ options: StrictTokenServer.Options
    ) -> String? {
        guard request.method == "GET", let query = Pairs(String(request.query ?? "")),
            query.names.isSubset(of: ["api-version", "resource", "client_id"])
        else { return "The request is not understood" }
        guard query["api-version"] == version else { return "The api-version is not known" }
        guard query["resource"] == "https://storage.azure.com" else { return "The resource is not known" }
        let isOurs = options.isAssigned && query["client_id"] ?? options.clientID == options.clientID
        return isOurs ? nil : "Identity not found"
    }

    private func issue(_ options: StrictTokenServer.Options) -> String {
        issued.issue(tenant: options.tenantID, now: clock.now, end: clock.now + options.lifetime)
    }

    static func refusal(_ status: Int, _ code: Int, _ text: String, now: Int) -> HTTPServer.Response {
        let words = "AADSTS\(code): \(text) Trace ID: \(freshGUID())\r\nTimestamp: \(Timestamp.iso(now))"
        return json(
            status,
            "{\"error\":\"invalid_client\",\"error_description\":\(jsonString(words)),\"error_codes\":[\(code)],"
                + "\"correlation_id\":\"\(freshGUID())\"}"
        )
    }

    private static func json(_ status: Int, _ text: String) -> HTTPServer.Response {
        HTTPServer.Response(
            status,
            headers: ["Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store, no-cache"],
            body: .text(text)
        )
    }

    /// Names and values of a form or a query, each name once.
    private struct Pairs {
        private var values: [String: String] = [:]

        var names: Set<String> { Set(values.keys) }

        init?(_ text: String) {
            for pair in text.split(separator: "&", omittingEmptySubsequences: false) {
                let name = pair.prefix { $0 != "=" }
                guard !name.isEmpty, name.endIndex < pair.endIndex, values[String(name)] == nil,
                    let value = percentDecoded(pair.dropFirst(name.count + 1)), !pair.contains("+")
                else { return nil }
                values[String(name)] = String(decoding: value, as: UTF8.self)
            }
        }

        subscript(name: String) -> String? { values[name] }
    }
}
