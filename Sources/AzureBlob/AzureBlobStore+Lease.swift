internal import Curl
internal import Digests
internal import HTTPTypes
package import Transfer

/// The one kind of blob that is rewritten: a journal, held by a lease.
extension AzureBlobStore {
    /// Reads a blob that fits `limit` bytes.
    /// - Returns: `nil` when there is none.
    package func read(
        _ name: BlobName,
        limit: Int,
        _ attempt: Attempt
    ) async throws(Failure) -> (content: [UInt8], version: BlobVersion)? {
        try name.check()
        let answer: StorageAnswer
        do {
            answer = try await client.perform(.getBlob(name, in: container), body: .none, attempt, limit: limit)
        } catch {
            guard error.kind == .gone else { throw error }
            return nil
        }
        guard answer.end != .cutOff else {
            throw Failure(
                service: .storage,
                kind: .permanent,
                type: "unexpected_length",
                message: "The blob \(name) has more than the \(limit) bytes that are read of it.",
                status: answer.status,
                server: client.endpoint.authority
            )
        }
        return (answer.body, try version(of: answer))
    }

    /// Writes a blob's whole content under the condition, and under the lease if there is one.
    ///
    /// A later attempt that finds the condition broken looks whether an earlier one, whose answer was lost, wrote it.
    /// - Returns: the version that was written, for the next write's condition.
    package func write(
        _ name: BlobName,
        content: [UInt8],
        contentType: String,
        condition: WriteCondition,
        leaseID: String? = nil,
        _ attempt: Attempt
    ) async throws(Failure) -> BlobVersion {
        try name.check()
        let contentMD5 = MD5.hash(content).base64
        let request = StorageRequest.replaceBlob(
            name,
            in: container,
            contentType: contentType,
            contentLength: content.count,
            contentMD5: contentMD5,
            condition: condition,
            leaseID: leaseID
        )
        do {
            return try version(of: await client.perform(request, body: .bytes(content), attempt))
        } catch {
            guard attempt.number > 1, [409, 412].contains(error.status), !error.type.hasPrefix("Lease") else {
                throw error
            }
            let answer = try await client.perform(.getBlobProperties(name, in: container), body: .none, attempt)
            guard answer.fields[.contentMD5] == contentMD5 else { throw error }
            return try version(of: answer)
        }
    }

    /// Takes the lease of an existing blob, or takes it again under the same id.
    ///
    /// Fails with ``Failure/Kind/lease`` when another has it, with ``Failure/Kind/gone`` when there is no such blob.
    /// - Parameters:
    ///   - id: a UUID of one's own.
    ///   - duration: 15 to 60 seconds.
    package func acquireLease(
        on name: BlobName,
        id: String,
        duration: Int,
        _ attempt: Attempt
    ) async throws(Failure) {
        try name.check()
        let request = StorageRequest.acquireLease(on: name, in: container, proposedID: id, duration: duration)
        _ = try await client.perform(request, body: .none, attempt)
    }

    /// Starts the lease's time anew; fails with ``Failure/Kind/lease`` when it was lost.
    package func renewLease(on name: BlobName, id: String, _ attempt: Attempt) async throws(Failure) {
        _ = try await client.perform(.renewLease(on: name, in: container, id: id), body: .none, attempt)
    }

    /// Ends the lease at once.
    package func releaseLease(on name: BlobName, id: String, _ attempt: Attempt) async throws(Failure) {
        _ = try await client.perform(.releaseLease(on: name, in: container, id: id), body: .none, attempt)
    }

    private func version(of answer: StorageAnswer) throws(Failure) -> BlobVersion {
        guard let etag = answer.fields[.eTag] else {
            throw Failure(
                service: .storage,
                kind: .transient,
                type: "no_etag",
                message: "\(client.endpoint.authority) answered without the ETag of the blob.",
                advice: StorageAdvice.checkProxy.text(client.classifier.context),
                status: answer.status,
                server: client.endpoint.authority
            )
        }
        return BlobVersion(etag: etag)
    }
}
