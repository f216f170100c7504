import Synchronization

extension BlobCore {
    /// Put Blob: a block blob in one request.
    func putBlob(_ call: BlobCall) throws(BlobError) -> HTTPServer.Response {
        guard let type = call.header("x-ms-blob-type") else { throw .missingHeader("x-ms-blob-type") }
        guard type == "BlockBlob" else { throw .badHeader("x-ms-blob-type", type) }
        let metadata = try BlobMetadata.read(call)
        let digests = try BodyDigests(call)
        let digest = Base64.encode(digests.md5 ?? Digest.md5.of(call.request.body))
        let piece = piece(call)
        return try locked { state throws(BlobError) in
            let committed = try commit(
                call,
                &state,
                [piece],
                blocks: [],
                contentMD5: call.header("x-ms-blob-content-md5") ?? digest,
                contentType: call.header("x-ms-blob-content-type") ?? call.header("Content-Type"),
                metadata: metadata
            )
            var response = written(committed)
            response.headers.append("Content-MD5", digest)
            digests.addCRC(to: &response)
            return response
        }
    }

    /// Put Block: stages a block; conditions are ignored, a lease is not.
    func putBlock(_ call: BlobCall) throws(BlobError) -> HTTPServer.Response {
        let id = call[query: "blockid"] ?? ""
        guard let raw = Base64.decode(id), (1...64).contains(raw.count) else {
            throw BlobError(
                400,
                "InvalidBlockId",
                "The specified block ID is invalid. The block ID must be Base64-encoded."
            )
        }
        guard !call.request.body.isEmpty else { throw .badHeader("Content-Length", "0") }
        let digests = try BodyDigests(call)
        let piece = piece(call)
        return try locked { state throws(BlobError) in
            var blob = try state.blob(call) ?? BlobState.Blob()
            try checkOverwrite(call, blob, state.options)
            try blob.lease.check(call.header("x-ms-lease-id"), isWrite: true, now: call.now)
            let others = Array(blob.uncommitted.keys) + (blob.committed?.blocks.prefix(1).map(\.id) ?? [])
            guard others.allSatisfy({ $0.utf8.count == id.utf8.count && Base64.decode($0)?.count == raw.count }) else {
                throw BlobError(400, "InvalidBlobOrBlock", "The specified blob or block content is invalid.")
            }
            guard blob.uncommitted.count < 100_000 || blob.uncommitted[id] != nil else {
                throw BlobError(409, "BlockCountExceedsLimit", "The uncommitted block count cannot exceed 100,000.")
            }
            blob.uncommitted[id] = piece
            state.containers[call.container!]!.blobs[call.blob!] = blob
            log.append(
                .blockStaged(container: call.container!, name: call.blob!, id: id, length: piece.length)
            )
            var response = HTTPServer.Response(201, headers: ["x-ms-request-server-encrypted": "true"])
            if let digest = digests.md5 { response.headers.append("Content-MD5", Base64.encode(digest)) }
            digests.addCRC(to: &response)
            if state.options.wrongCRCs > 0, digests.crc != nil {
                state.options.wrongCRCs -= 1
                response.headers["x-ms-content-crc64"] = "AAAAAAAAAAA="
            }
            return response
        }
    }

    /// Put Block List: makes the blob out of its blocks and forgets every other uncommitted one.
    func putBlockList(_ call: BlobCall) throws(BlobError) -> HTTPServer.Response {
        let digests = try BodyDigests(call)
        let metadata = try BlobMetadata.read(call)
        let entries = try BlockList.parse(call.request.body)
        guard entries.count <= 50_000 else {
            throw BlobError(400, "BlockListTooLong", "The block list may not contain more than 50,000 blocks.")
        }
        return try locked { state throws(BlobError) in
            let blob = try state.blob(call) ?? BlobState.Blob()
            var blocks: [(id: String, piece: BlobContent.Piece)] = []
            do throws(BlobError) {
                blocks = try Self.find(entries, in: blob)
            } catch {
                if !state.options.checksBlocksFirst {
                    try checkWrite(call, blob, state.options)
                }
                throw error
            }
            let committed = try commit(
                call,
                &state,
                blocks.map(\.piece),
                blocks: blocks,
                contentMD5: call.header("x-ms-blob-content-md5"),
                contentType: call.header("x-ms-blob-content-type"),
                metadata: metadata
            )
            var response = written(committed)
            digests.addCRC(to: &response)
            return response
        }
    }

    func deleteBlob(_ call: BlobCall) throws(BlobError) -> HTTPServer.Response {
        try locked { state throws(BlobError) in
            guard let blob = try state.blob(call), blob.committed != nil else { throw .blobNotFound }
            try checkWrite(call, blob, state.options)
            state.containers[call.container!]!.blobs[call.blob!] = nil
            log.append(.deleted(container: call.container!, name: call.blob!))
            return HTTPServer.Response(202, headers: ["x-ms-delete-type-permanent": "true"])
        }
    }

    private func piece(_ call: BlobCall) -> BlobContent.Piece {
        let isOnDisk = state.withLock { $0.options.keepsContentsOnDisk }
        return BlobContent.Piece(call.request.body, spill: isOnDisk ? spill : nil)
    }

    private func checkWrite(
        _ call: BlobCall,
        _ blob: BlobState.Blob,
        _ options: StrictBlobServer.Options
    ) throws(BlobError) {
        try checkOverwrite(call, blob, options)
        try BlobConditions.check(call, blob.committed, isWrite: true, options: options)
        try blob.lease.check(call.header("x-ms-lease-id"), isWrite: true, now: call.now)
    }

    private func checkOverwrite(
        _ call: BlobCall,
        _ blob: BlobState.Blob,
        _ options: StrictBlobServer.Options
    ) throws(BlobError) {
        guard blob.committed != nil, options.createOnlyContainers.contains(call.container ?? "") else { return }
        throw .unauthorizedOverwrite
    }

    private func commit(
        _ call: BlobCall,
        _ state: inout BlobState,
        _ pieces: [BlobContent.Piece],
        blocks: [(id: String, piece: BlobContent.Piece)],
        contentMD5: String?,
        contentType: String?,
        metadata: [(name: String, value: String)]
    ) throws(BlobError) -> BlobState.Committed {
        var blob = try state.blob(call) ?? BlobState.Blob()
        try checkWrite(call, blob, state.options)
        var properties = [(name: "Content-Type", value: contentType ?? "application/octet-stream")]
        for name in ["Content-Encoding", "Content-Language", "Content-Disposition", "Cache-Control"] {
            let own = call.header("x-ms-blob-" + name.lowercased())
            if let value = own, !value.isEmpty { properties.append((name, value)) }
        }
        let committed = BlobState.Committed(
            etag: state.nextETag(),
            created: blob.committed?.created ?? call.now,
            modified: call.now,
            content: BlobContent(pieces),
            blocks: blocks,
            contentMD5: contentMD5,
            metadata: metadata,
            properties: properties
        )
        blob.committed = committed
        blob.uncommitted = [:]
        blob.lease.noteWrite(now: call.now)
        state.containers[call.container!]!.blobs[call.blob!] = blob
        log.append(
            .committed(
                container: call.container!,
                name: call.blob!,
                length: committed.content.length,
                metadata: Dictionary(metadata.map { ($0.name, $0.value) }) { first, _ in first }
            )
        )
        return committed
    }

    private func written(_ blob: BlobState.Committed) -> HTTPServer.Response {
        HTTPServer.Response(
            201,
            headers: [
                "ETag": blob.etag, "Last-Modified": Timestamp.http(blob.modified),
                "x-ms-request-server-encrypted": "true",
            ]
        )
    }

    private static func find(
        _ entries: [BlockList.Entry],
        in blob: BlobState.Blob
    ) throws(BlobError) -> [(id: String, piece: BlobContent.Piece)] {
        let committed = Dictionary((blob.committed?.blocks ?? []).map { ($0.id, $0.piece) }) { first, _ in first }
        var blocks: [(id: String, piece: BlobContent.Piece)] = []
        for entry in entries {
            let piece =
                switch entry.kind {
                case .latest: blob.uncommitted[entry.id] ?? committed[entry.id]
                case .uncommitted: blob.uncommitted[entry.id]
                case .committed: committed[entry.id]
                }
            guard let piece else { throw .invalidBlockList }
            blocks.append((entry.id, piece))
        }
        return blocks
    }
}
