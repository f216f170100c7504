internal import Blocks
internal import Curl
internal import Digests
internal import HTTPTypes
internal import Transfer

/// A blob whose blocks lie uncommitted beside their name; the service forgets them after a week.
struct AzureStagedBlob: StagedBlob {
    let name: BlobName
    let client: StorageClient
    let container: ContainerPath
    let ids: BlockIDs
    let integrity: BlockIntegrity

    /// Stores one block, and proves that what arrived is what was sent: by the CRC-64 that the service answers with, or
    /// by Content-MD5 where it gives none.
    func stage(_ block: Block, index: Int, offset: UInt64, _ attempt: Attempt) async throws(Failure) {
        guard index < BlockIDs.limit else {
            throw Failure(
                service: .storage,
                kind: .permanent,
                type: "too_many_blocks",
                message: "A blob has at most \(BlockIDs.limit) blocks.",
                advice: "Give more BUFFER_MEMORY, so that blocks are larger."
            )
        }
        if !integrity.needsMD5 {
            async let checksum = aside(bytes: block.count) { CRC64.checksum(block.bytes).base64 }
            let answer = try await put(block, index: index, contentMD5: nil, attempt)
            if let received = answer.fields[.contentCRC64] {
                guard await checksum == received else { throw damaged(index, answer) }
                return
            }
            integrity.requireMD5()
        }
        let digest = await aside(bytes: block.count) { MD5.hash(block.bytes).base64 }
        _ = try await put(block, index: index, contentMD5: digest, attempt)
    }

    func commit(
        _ blob: BlobDescription,
        blockCount: Int,
        length: UInt64,
        _ permit: WritePermit,
        _ attempt: Attempt
    ) async throws(Failure) {
        let list = ids.list(count: blockCount)
        let request = try StorageRequest.putBlockList(blob, in: container, contentLength: list.count)
        _ = try await client.perform(request, body: .bytes(list), attempt, permit: permit)
    }

    /// There is no request that removes uncommitted blocks.
    func abandon() async {}

    private func put(
        _ block: Block,
        index: Int,
        contentMD5: String?,
        _ attempt: Attempt
    ) async throws(Failure) -> StorageAnswer {
        let request = StorageRequest.putBlock(
            ids[index],
            of: name,
            in: container,
            contentLength: block.count,
            contentMD5: contentMD5
        )
        return try await client.perform(request, body: .block(block), attempt)
    }

    private func damaged(_ index: Int, _ answer: StorageAnswer) -> Failure {
        Failure(
            service: .storage,
            kind: .transient,
            type: "crc64_mismatch",
            message:
                "Put Block: block \(index) arrived at \(client.endpoint.authority) with another CRC-64 than ours.",
            status: answer.status,
            requestID: answer.fields[.serviceRequestID].map { Redaction.redact($0) },
            server: client.endpoint.authority
        )
    }
}
