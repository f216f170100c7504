package import Logging

/// What ties a message to its blob, in one line of the log.
package struct AuditRecord: Sendable {
    package var id: MessageID
    package var name: BlobName
    /// Bytes of content.
    package var length: UInt64
    /// SHA-256 of the content, in lower-case hex.
    package var digest: String

    package init(id: MessageID, name: BlobName, length: UInt64, digest: String) {
        self.id = id
        self.name = name
        self.length = length
        self.digest = digest
    }

    package var fields: Logger.Metadata {
        [
            "messaging.message.id": "\(id)",
            "blob.name": "\(name)",
            "blob.length": .stringConvertible(length),
            "blob.sha256": "\(digest)",
        ]
    }
}

/// Writes a line about a message that was stored, or downloaded: the one line that every message has.
package typealias AuditTrail = @Sendable (LogSentence, AuditRecord) -> Void
