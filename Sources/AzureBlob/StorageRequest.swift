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
    var contentLength = 0
    var contentMD5: String?
    var contentType: String?
    var ifMatch: String?
    var ifNoneMatch: String?
    /// The headers of the service's own, `x-ms-…`, in the order of their names, as they are signed.
    private(set) var serviceFields: [HTTPField] = []
    /// The lease that the answer has to name.
    var heldLeaseID: String?

    /// Puts a header of the service's own among the others.
    mutating func add(_ field: HTTPField) {
        if serviceFields.isEmpty { serviceFields.reserveCapacity(24) }
        serviceFields.append(field)
        var place = serviceFields.count - 1
        while place > 0, field.name.canonicalName < serviceFields[place - 1].name.canonicalName {
            serviceFields.swapAt(place, place - 1)
            place -= 1
        }
    }

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
        var request = self
        request.add(HTTPField(name: .clientRequestID, value: requestID))
        request.add(HTTPField(name: .serviceDate, value: HTTPDate.format(seconds)))
        request.add(Self.serviceVersionField)
        var target = path
        for (index, item) in query.enumerated() {
            target += index == 0 ? "?" : "&"
            target += item.name
            target += "="
            target += PercentEncoding.encode(item.value)
        }
        var fields = HTTPFields()
        fields.reserveCapacity(request.serviceFields.count + 5)
        credential.authorize(request, fields: &fields, target: &target)
        for (name, value) in request.standardFields {
            if let value {
                fields.append(HTTPField(name: name, value: value))
            }
        }
        for field in request.serviceFields { fields.append(field) }
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
    private static let serviceVersionField = HTTPField(name: .serviceVersion, value: serviceVersion)

    private var standardFields: [(HTTPField.Name, String?)] {
        [(.contentMD5, contentMD5), (.contentType, contentType), (.ifMatch, ifMatch), (.ifNoneMatch, ifNoneMatch)]
    }
}
