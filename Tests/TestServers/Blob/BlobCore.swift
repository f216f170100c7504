import Synchronization

/// The state of a strict Blob server and what it answers.
final class BlobCore: Sendable {
    let state: Mutex<BlobState>
    let log: EventLog
    let clock: ServerClock
    private let spillFile = Mutex<SpillFile?>(nil)

    init(options: StrictBlobServer.Options, log: EventLog, clock: ServerClock) {
        self.state = Mutex(BlobState(options: options))
        self.log = log
        self.clock = clock
    }

    func create(_ container: String) {
        state.withLock { state in
            let etag = state.nextETag()
            state.containers[container] = BlobState.Container(etag: etag, created: clock.now, metadata: [])
        }
    }

    /// The file for large contents, made when it is first needed.
    var spill: SpillFile {
        spillFile.withLock { file in
            let own = file ?? SpillFile()
            file = own
            return own
        }
    }

    func answer(_ request: HTTPServer.Request) -> HTTPServer.Response {
        let requestID = freshGUID()
        let now = clock.now
        var response: HTTPServer.Response
        do throws(BlobError) {
            response = try handle(request, now)
        } catch {
            response = error.response(
                isHead: request.method == "HEAD",
                requestID: requestID,
                time: Timestamp.iso(now)
            )
            if error.status == 401 {
                response.headers.append(
                    "WWW-Authenticate",
                    "Bearer authorization_uri=https://login.microsoftonline.com/"
                )
            }
        }
        response.headers.append("Server", "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0")
        response.headers.append("x-ms-request-id", requestID)
        response.headers.append("Date", Timestamp.http(now))
        if let version = request.headers["x-ms-version"] { response.headers.append("x-ms-version", version) }
        if let id = request.headers["x-ms-client-request-id"] {
            response.headers.append("x-ms-client-request-id", id)
        }
        return response
    }

    private func handle(_ request: HTTPServer.Request, _ now: Int) throws(BlobError) -> HTTPServer.Response {
        let options = state.withLock { $0.options }
        let call = try BlobCall(request, options, now: now)
        guard let version = call.header("x-ms-version") else { throw .missingHeader("x-ms-version") }
        guard BlobVersions.known.contains(version) else { throw .badHeader("x-ms-version", version) }
        try Self.checkDate(call)
        let operation = try BlobOperation(call)
        try authorize(call, operation, options)
        try call.checkNames()
        switch operation {
        case .listContainers: return listContainers(call)
        case .createContainer: return try createContainer(call)
        case .containerProperties: return try containerProperties(call)
        case .deleteContainer: return try deleteContainer(call)
        case .listBlobs: return try listBlobs(call)
        case .putBlob: return try putBlob(call)
        case .putBlock: return try putBlock(call)
        case .putBlockList: return try putBlockList(call)
        case .getBlockList: return try getBlockList(call)
        case .getBlob, .getBlobProperties: return try getBlob(call)
        case .deleteBlob: return try deleteBlob(call)
        case .leaseBlob: return try leaseBlob(call)
        }
    }

    private static func checkDate(_ call: BlobCall) throws(BlobError) {
        guard let date = call.header("x-ms-date") else { throw .missingHeader("x-ms-date") }
        guard let time = Timestamp.parseHTTP(date) else { throw .badHeader("x-ms-date", date) }
        guard abs(time - call.now) <= 15 * 60 else { throw .authentication("Request date header too old: '\(date)'") }
    }

    private func authorize(
        _ call: BlobCall,
        _ operation: BlobOperation,
        _ options: StrictBlobServer.Options
    ) throws(BlobError) {
        guard let key = Base64.decode(options.key) else { fatalError("the key of the account is not base64") }
        guard call.account == options.account else {
            throw BlobError(400, "InvalidUri", "The account \(call.account) is not known here.")
        }
        switch (call.header("Authorization"), call[query: "sig"]) {
        case (let authorization?, _) where authorization.hasPrefix("SharedKey "):
            try SharedKey.verify(call, authorization: authorization, account: options.account, key: key)
        case (let authorization?, _) where authorization.hasPrefix("Bearer "):
            let token = String(authorization.dropFirst("Bearer ".count))
            guard
                options.bearerTokens.contains(token) || options.issuedTokens?.isValid(token, at: call.now) == true
            else {
                throw BlobError(401, "InvalidAuthenticationInfo", "Server failed to authenticate the request.")
            }
        case (_?, _):
            throw BlobError(400, "InvalidAuthenticationInfo", "The authentication scheme is not supported.")
        case (nil, _?):
            let signature = try SharedAccessSignature(call)
            try signature.verify(account: options.account, key: key)
            let exists = state.withLock { state in
                state.containers[call.container ?? ""]?.blobs[call.blob ?? ""]?.committed != nil
            }
            try signature.authorize(operation, blobExists: exists)
        case (nil, nil):
            throw BlobError(401, "NoAuthenticationInformation", "Server failed to authenticate the request.")
        }
    }
}
