internal import Curl

/// What the service answered: the head, and the content as far as it was asked for.
struct StorageAnswer {
    var status: Int
    var fields: ResponseFields
    var body: [UInt8]
    var end: BodyEnd = .lengthMet
}
