internal import Curl

/// What the service answered: the head, and the content as far as it was asked for.
struct StorageAnswer {
    var status: Int
    var fields: ResponseFields
    var body: [UInt8]
    var end: BodyEnd = .lengthMet

    /// The error code of the Blob service, which a HEAD's answer has in its head alone.
    var errorCode: String? {
        fields[.errorCode].flatMap(ErrorBody.checkedCode) ?? ErrorBody(body).code
    }
}
