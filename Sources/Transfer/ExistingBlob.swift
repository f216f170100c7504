/// What it means that a name is taken, after a look at the blob.
enum ExistingBlob: Equatable {
    /// This message, whole: it is stored.
    case own
    /// This message's id, with another length: never overwritten, never taken for success.
    case ownWithOtherLength(UInt64)
    /// Another message, or a blob that is not ours.
    case foreign
    /// It was there, and is gone.
    case gone

    /// - Parameter length: the bytes of this message.
    init(_ properties: BlobProperties?, id: MessageID, length: UInt64) {
        guard let properties else {
            self = .gone
            return
        }
        guard MessageMetadata.isOf(id, properties.metadata) else {
            self = .foreign
            return
        }
        self = properties.length == length ? .own : .ownWithOtherLength(properties.length)
    }
}
