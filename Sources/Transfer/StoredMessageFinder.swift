/// Looks for a message's blob under every name that an earlier run may have given it.
struct StoredMessageFinder: Sendable {
    let store: any BlobStore
    let retrier: Retrier

    /// - Returns: the first blob that carries the message's id.
    func find(_ id: MessageID, _ names: [BlobName]) async throws(Failure) -> AuditRecord? {
        for name in names {
            let properties = try await retrier.run { attempt async throws(Failure) in
                try await store.look(at: name, attempt)
            }
            if let properties, MessageMetadata.isOf(id, properties.metadata) {
                return AuditRecord(
                    id: id,
                    name: name,
                    length: properties.length,
                    digest: properties.metadata[MessageMetadata.digest] ?? ""
                )
            }
        }
        return nil
    }
}

extension [PlanEntry] {
    /// The names that can be told before the message's head is known: those of plans that take the code from the id.
    func names(of id: MessageID) -> [BlobName] {
        flatMap { entry -> [BlobName] in
            guard entry.source == .messageID, let code = BSOCode(id.text) else { return [entry.quarantineName] }
            return entry.names(code, .message) + entry.names(code, .report) + [entry.quarantineName]
        }
    }

    /// The names that the head tells: those of plans that take the code from a header.
    func names(of id: MessageID, _ attributes: MessageAttributes) -> [BlobName] {
        flatMap { entry -> [BlobName] in
            guard entry.source != .messageID, let code = try? entry.code(attributes) else { return [] }
            return entry.names(code, attributes.isReport ? .report : .message)
        }
    }
}

extension PlanEntry {
    fileprivate func names(_ code: BSOCode, _ kind: Kind) -> [BlobName] {
        [plainName(code, kind), collisionName(code, kind)]
    }

    /// The code of the message's names; a report that lacks the source takes its id.
    /// - Throws: `.invalidMessage` where there is none.
    func code(_ attributes: MessageAttributes) throws(Failure) -> BSOCode {
        if let code = source.text(id: id, attributes: attributes).flatMap(BSOCode.init) { return code }
        if attributes.isReport, let code = BSOCode(id.text) { return code }
        throw .invalid(
            "bso_code",
            "Its \(source.words) does not begin with three letters or digits, which the blob's name begins with."
        )
    }
}

extension BSOSource {
    fileprivate var words: String {
        switch self {
        case .messageID: "message id"
        case .fileName: "file name (Mex-FileName)"
        case .localID: "local id (Mex-LocalID)"
        case .sender: "sender (Mex-From)"
        case .workflowID: "workflow id (Mex-WorkflowID)"
        }
    }
}
