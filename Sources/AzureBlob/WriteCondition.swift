/// One state of a blob's content, as the service names it (ETag).
package struct BlobVersion: Sendable, Equatable {
    let etag: String
}

/// What must be true of a blob for it to be written.
package enum WriteCondition: Sendable, Equatable {
    /// There is none: else ``Failure/Kind/alreadyExists``, or ``Failure/Kind/lease`` when it is leased as well.
    case missing
    /// It is still the one that was read or written: else ``Failure/Kind/lease``, since somebody else wrote it.
    case unchanged(BlobVersion)
}
