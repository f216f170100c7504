/// A refusal of the Blob service: the status and what its XML body says.
struct BlobError: Error {
    let status: Int
    let code: String
    var message: String
    /// Further elements of the body.
    var details: [(name: String, value: String)] = []

    init(_ status: Int, _ code: String, _ message: String = "") {
        self.status = status
        self.code = code
        self.message = message.isEmpty ? "The service answered \(code)." : message
    }

    static func badHeader(_ name: String, _ value: String) -> BlobError {
        var error = BlobError(
            400,
            "InvalidHeaderValue",
            "The value for one of the HTTP headers is not in the correct format."
        )
        error.details = [("HeaderName", name), ("HeaderValue", value)]
        return error
    }

    static func missingHeader(_ name: String) -> BlobError {
        var error = BlobError(
            400,
            "MissingRequiredHeader",
            "An HTTP header that's mandatory for this request is not specified."
        )
        error.details = [("HeaderName", name)]
        return error
    }

    static func badQuery(_ name: String, _ value: String) -> BlobError {
        var error = BlobError(
            400,
            "InvalidQueryParameterValue",
            "Value for one of the query parameters specified in the request URI is invalid."
        )
        error.details = [("QueryParameterName", name), ("QueryParameterValue", value)]
        return error
    }

    /// Wrong key, wrong signature, wrong clock: 403 with the reason in AuthenticationErrorDetail.
    static func authentication(_ detail: String) -> BlobError {
        var error = BlobError(
            403,
            "AuthenticationFailed",
            "Server failed to authenticate the request. Make sure the value of Authorization header is formed "
                + "correctly including the signature."
        )
        error.details = [("AuthenticationErrorDetail", detail)]
        return error
    }

    static let conditionNotMet = BlobError(
        412,
        "ConditionNotMet",
        "The condition specified using HTTP conditional header(s) is not met."
    )
    static let notModified = BlobError(304, "ConditionNotMet")
    static let blobNotFound = BlobError(404, "BlobNotFound", "The specified blob does not exist.")
    static let containerNotFound = BlobError(404, "ContainerNotFound", "The specified container does not exist.")
    static let unauthorizedOverwrite = BlobError(
        403,
        "UnauthorizedBlobOverwrite",
        "This request is not authorized to perform blob overwrites."
    )
    static let invalidBlockList = BlobError(400, "InvalidBlockList", "The specified block list is invalid.")

    /// The answer, without the fields that every answer has.
    func response(isHead: Bool, requestID: String, time: String) -> HTTPServer.Response {
        var response = HTTPServer.Response(status, headers: ["x-ms-error-code": code])
        guard !isHead, status != 304 else { return response }
        var xml = #"<?xml version="1.0" encoding="utf-8"?><Error><Code>\#(code)</Code><Message>"#
        xml += xmlText("\(message)\nRequestId:\(requestID)\nTime:\(time)") + "</Message>"
        for (name, value) in details { xml += "<\(name)>\(xmlText(value))</\(name)>" }
        response.headers.append("Content-Type", "application/xml")
        response.body = .text(xml + "</Error>")
        return response
    }
}
