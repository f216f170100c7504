internal import HTTPTypes

/// What the service answered: the head, and the content as far as it was asked for.
struct StorageAnswer {
    var status: Int
    var fields: HTTPFields
    var body: [UInt8]
}
