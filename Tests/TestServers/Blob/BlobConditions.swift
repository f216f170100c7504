/// The conditional headers of a request.
/// <https://learn.microsoft.com/rest/api/storageservices/specifying-conditional-headers-for-blob-service-operations>
enum BlobConditions {
    /// - Parameter existing: the blob as it is, nil without one.
    static func check(
        _ call: BlobCall,
        _ existing: BlobState.Committed?,
        isWrite: Bool,
        options: StrictBlobServer.Options
    ) throws(BlobError) {
        if let wanted = call.header("If-Match") {
            guard let existing, wanted == "*" || wanted == existing.etag else { throw .conditionNotMet }
        }
        guard let existing else { return }
        if let unwanted = call.header("If-None-Match") {
            if unwanted == "*" {
                guard isWrite else {
                    throw BlobError(400, "UnsatisfiableCondition", "The condition can't be met by a blob that exists.")
                }
                throw options.answersExistingWith412
                    ? .conditionNotMet : BlobError(409, "BlobAlreadyExists", "The specified blob already exists.")
            }
            guard unwanted != existing.etag else { throw isWrite ? .conditionNotMet : .notModified }
        }
        if let date = call.header("If-Modified-Since") {
            guard let time = Timestamp.parseHTTP(date) else { throw .badHeader("If-Modified-Since", date) }
            guard existing.modified > time else { throw isWrite ? .conditionNotMet : .notModified }
        }
        if let date = call.header("If-Unmodified-Since") {
            guard let time = Timestamp.parseHTTP(date) else { throw .badHeader("If-Unmodified-Since", date) }
            guard existing.modified <= time else { throw .conditionNotMet }
        }
    }
}
