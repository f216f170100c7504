import Digests
import Logging

/// A message whose head is known, with everything that its names and metadata are made of.
struct MessageInTransit: Sendable {
    /// What becomes of it in storage.
    enum Destination: Sendable {
        /// Among the others, by its code.
        case named(BSOCode)
        /// Apart, for this reason.
        case quarantine(Failure)
    }

    var entry: PlanEntry
    var destination: Destination
    var attributes: MessageAttributes

    var contentType: String {
        if case .named = destination, attributes.isReport { "application/json" } else { "application/octet-stream" }
    }

    func name(plain: Bool) -> BlobName {
        switch destination {
        case .quarantine: return entry.quarantineName
        case .named(let code):
            let kind: PlanEntry.Kind = attributes.isReport ? .report : .message
            return plain ? entry.plainName(code, kind) : entry.collisionName(code, kind)
        }
    }

    /// Of the blob.
    func metadata(_ digest: SHA256.Digest) -> BlobMetadata {
        var reason: String?
        if case .quarantine(let failure) = destination { reason = failure.message }
        return MessageMetadata.make(id: entry.id, attributes: attributes, sha256: digest, reason: reason)
    }
}

/// Which of its two names a message gets.
struct NameChoice: Sendable {
    /// `nil` until it is decided.
    var isPlain: Bool?
    /// Whether a commit was sent under it, which may yet take effect: under another name the message would be stored twice.
    var wasCommitted = false
}

/// What was written, for the acknowledgement and the audit trail.
struct StoredMessage: Sendable {
    var message: MessageInTransit
    var name: BlobName
    /// Bytes of content.
    var length: UInt64
    var digest: SHA256.Digest
    /// Until when the message must not be acknowledged, by an uptime: a request that was cut could create it again once a
    /// consumer has taken it away.
    var settledAt: Duration?

    var audit: AuditRecord {
        AuditRecord(id: message.entry.id, name: name, length: length, digest: digest.hex)
    }

    var reportFields: Logger.Metadata {
        var fields: Logger.Metadata = ["messaging.message.id": "\(message.entry.id)", "blob.name": "\(name)"]
        for (field, header) in [
            ("mesh.status_code", "statuscode"), ("mesh.status_event", "statusevent"),
            ("mesh.status_description", "statusdescription"), ("mesh.linked_message_id", "linkedmsgid"),
            ("mesh.workflow_id", "workflowid"),
        ] {
            if let value = message.attributes[header] { fields[field] = "\(value)" }
        }
        return fields
    }
}
