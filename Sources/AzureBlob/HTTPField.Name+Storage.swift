internal import HTTPTypes

extension HTTPField {
    static let blockBlob = HTTPField(name: .blobType, value: "BlockBlob")
}

extension HTTPField.Name {
    static let contentMD5 = Self("Content-MD5")!
    static let blobContentType = Self("x-ms-blob-content-type")!
    static let blobType = Self("x-ms-blob-type")!
    static let clientRequestID = Self("x-ms-client-request-id")!
    static let contentCRC64 = Self("x-ms-content-crc64")!
    static let errorCode = Self("x-ms-error-code")!
    static let leaseAction = Self("x-ms-lease-action")!
    static let leaseDuration = Self("x-ms-lease-duration")!
    static let leaseID = Self("x-ms-lease-id")!
    static let proposedLeaseID = Self("x-ms-proposed-lease-id")!
    static let retryAfterMilliseconds = Self("retry-after-ms")!
    static let serviceDate = Self("x-ms-date")!
    static let serviceRequestID = Self("x-ms-request-id")!
    static let serviceRetryAfterMilliseconds = Self("x-ms-retry-after-ms")!
    static let serviceVersion = Self("x-ms-version")!
}
