internal import HTTPTypes
internal import Transfer

/// One request to the Blob service, all but its date, its id and its credential.
struct StorageRequest {
    /// One item of the query; the value is not encoded.
    struct QueryItem: Equatable {
        var name: String
        var value: String
    }

    var operation: StorageOperation
    var method: HTTPRequest.Method
    /// The path as it goes over the wire, from the root of the authority.
    var path: String
    /// Lower-case names, in their order.
    var query: [QueryItem] = []
    var fields = HTTPFields()
    var contentLength = 0

    /// The request as it is sent: dated, named, and authorized.
    /// - Parameters:
    ///   - seconds: the time in seconds since 1970.
    ///   - requestID: the same for all attempts of one operation.
    func complete(
        for endpoint: StorageEndpoint,
        credential: Credential,
        seconds: Int64,
        requestID: String
    ) -> HTTPRequest {
        var fields = fields
        fields.append(HTTPField(name: .clientRequestID, value: requestID))
        fields.append(HTTPField(name: .serviceDate, value: HTTPDate.format(seconds)))
        fields.append(HTTPField(name: .serviceVersion, value: Self.serviceVersion))
        var target = path
        for (index, item) in query.enumerated() {
            target += index == 0 ? "?" : "&"
            target += item.name
            target += "="
            target += PercentEncoding.encode(item.value)
        }
        credential.authorize(self, fields: &fields, target: &target)
        return HTTPRequest(
            method: method,
            scheme: endpoint.scheme.rawValue,
            authority: endpoint.authority,
            path: target,
            headerFields: fields
        )
    }

    /// Known to the service and to its current emulators.
    static let serviceVersion = "2025-11-05"
}
