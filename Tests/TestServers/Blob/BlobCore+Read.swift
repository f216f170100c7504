import Synchronization

extension BlobCore {
    /// Get Blob and Get Blob Properties.
    func getBlob(_ call: BlobCall) throws(BlobError) -> HTTPServer.Response {
        let (blob, committed) = try locked { state throws(BlobError) in
            guard let blob = try state.blob(call), let committed = blob.committed else { throw .blobNotFound }
            try BlobConditions.check(call, committed, isWrite: false, options: state.options)
            try blob.lease.check(call.header("x-ms-lease-id"), isWrite: false, now: call.now)
            return (blob, committed)
        }
        var response = HTTPServer.Response(200, headers: headers(blob, committed, now: call.now))
        let content = committed.content
        let rangeText = call.header("x-ms-range") ?? call.header("Range")
        guard call.request.method == "GET" else {
            if let digest = committed.contentMD5 { response.headers.append("Content-MD5", digest) }
            response.headers.append("Content-Length", "\(content.length)")
            return response
        }
        guard let rangeText, let range = try Self.range(rangeText, length: content.length) else {
            if let digest = committed.contentMD5 { response.headers.append("Content-MD5", digest) }
            response.body = Self.body(content, 0..<content.length)
            return response
        }
        response.status = 206
        response.headers.append(
            "Content-Range",
            "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(content.length)"
        )
        if let digest = committed.contentMD5 { response.headers.append("x-ms-blob-content-md5", digest) }
        if call.header("x-ms-range-get-content-md5") == "true" {
            guard range.count <= 4 << 20 else { throw .badHeader("x-ms-range-get-content-md5", "true") }
            response.headers.append("Content-MD5", Base64.encode(Digest.md5.of(content.bytes(range))))
        }
        response.body = Self.body(content, range)
        return response
    }

    func getBlockList(_ call: BlobCall) throws(BlobError) -> HTTPServer.Response {
        let kind = call[query: "blocklisttype"] ?? "committed"
        guard ["committed", "uncommitted", "all"].contains(kind) else { throw .badQuery("blocklisttype", kind) }
        let blob = try locked { state throws(BlobError) in
            guard let blob = try state.blob(call) else { throw .blobNotFound }
            try blob.lease.check(call.header("x-ms-lease-id"), isWrite: false, now: call.now)
            return blob
        }
        func items(_ blocks: [(id: String, piece: BlobContent.Piece)]) -> String {
            blocks.map { "<Block><Name>\($0.id)</Name><Size>\($0.piece.length)</Size></Block>" }.joined()
        }
        var text = ""
        if kind != "uncommitted" { text += "<CommittedBlocks>\(items(blob.committed?.blocks ?? []))</CommittedBlocks>" }
        if kind != "committed" {
            let blocks = blob.uncommitted.sorted { $0.key < $1.key }.map { (id: $0.key, piece: $0.value) }
            text += "<UncommittedBlocks>\(items(blocks))</UncommittedBlocks>"
        }
        var response = xml("<BlockList>\(text)</BlockList>")
        response.headers.append("x-ms-blob-content-length", "\(blob.committed?.content.length ?? 0)")
        if let committed = blob.committed {
            response.headers.append("ETag", committed.etag)
            response.headers.append("Last-Modified", Timestamp.http(committed.modified))
        }
        return response
    }

    private func headers(_ blob: BlobState.Blob, _ committed: BlobState.Committed, now: Int) -> HTTPServer.Headers {
        let lease = blob.lease.names(now)
        var headers: HTTPServer.Headers = [
            "ETag": committed.etag, "Last-Modified": Timestamp.http(committed.modified), "Accept-Ranges": "bytes",
            "x-ms-blob-type": "BlockBlob", "x-ms-creation-time": Timestamp.http(committed.created),
            "x-ms-lease-state": lease.state, "x-ms-lease-status": lease.status, "x-ms-server-encrypted": "true",
        ]
        if case .leased(_, let duration, _) = blob.lease.state(now) {
            headers.append("x-ms-lease-duration", duration < 0 ? "infinite" : "fixed")
        }
        for (name, value) in committed.properties { headers.append(name, value) }
        for (name, value) in committed.metadata { headers.append("x-ms-meta-\(name)", value) }
        return headers
    }

    private static func body(_ content: BlobContent, _ range: Range<Int>) -> HTTPServer.Body {
        if range.count == content.length, content.pieces.count == 1, case .memory(let bytes) = content.pieces[0].storage
        {
            return .bytes(bytes)
        }
        return .generated(length: range.count) { offset, buffer in
            content.read(from: range.lowerBound + offset, into: buffer)
        }
    }

    /// - Returns: nil for a range that is not understood, which is ignored (RFC 9110, section 14.2).
    private static func range(_ text: String, length: Int) throws(BlobError) -> Range<Int>? {
        guard text.hasPrefix("bytes=") else { return nil }
        let ends = text.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Int(ends[0]), let last = ends[1].isEmpty ? Int.max - 1 : Int(ends[1]),
            first <= last
        else { return nil }
        guard first < length else {
            throw BlobError(416, "InvalidRange", "The range specified is invalid for the current size of the resource.")
        }
        return first..<min(last + 1, length)
    }
}
