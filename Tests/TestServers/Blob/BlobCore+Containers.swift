import Synchronization

extension BlobCore {
    func createContainer(_ call: BlobCall) throws(BlobError) -> HTTPServer.Response {
        let name = call.container ?? ""
        let metadata = try BlobMetadata.read(call)
        return try locked { state throws(BlobError) in
            guard state.containers[name] == nil else {
                throw BlobError(409, "ContainerAlreadyExists", "The specified container already exists.")
            }
            let container = BlobState.Container(etag: state.nextETag(), created: call.now, metadata: metadata)
            state.containers[name] = container
            log.append(.containerCreated(name))
            return HTTPServer.Response(
                201,
                headers: ["ETag": container.etag, "Last-Modified": Timestamp.http(call.now)]
            )
        }
    }

    func containerProperties(_ call: BlobCall) throws(BlobError) -> HTTPServer.Response {
        try locked { state throws(BlobError) in
            guard let container = state.containers[call.container ?? ""] else { throw .containerNotFound }
            var response = HTTPServer.Response(
                200,
                headers: [
                    "ETag": container.etag, "Last-Modified": Timestamp.http(container.created),
                    "x-ms-lease-state": "available", "x-ms-lease-status": "unlocked",
                    "x-ms-has-immutability-policy": "false", "x-ms-has-legal-hold": "false",
                ]
            )
            for (name, value) in container.metadata { response.headers.append("x-ms-meta-\(name)", value) }
            return response
        }
    }

    func deleteContainer(_ call: BlobCall) throws(BlobError) -> HTTPServer.Response {
        try locked { state throws(BlobError) in
            guard state.containers.removeValue(forKey: call.container ?? "") != nil else { throw .containerNotFound }
            return HTTPServer.Response(202)
        }
    }

    func listContainers(_ call: BlobCall) -> HTTPServer.Response {
        let containers = state.withLock { $0.containers }
        let items = containers.keys.sorted().filter { $0.hasPrefix(call[query: "prefix"] ?? "") }.map { name in
            let container = containers[name]!
            return "<Container><Name>\(xmlText(name))</Name><Properties>"
                + "<Last-Modified>\(Timestamp.http(container.created))</Last-Modified>"
                + "<Etag>\(xmlText(container.etag))</Etag>"
                + "<LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState></Properties></Container>"
        }
        return xml("<EnumerationResults><Containers>\(items.joined())</Containers><NextMarker /></EnumerationResults>")
    }

    /// Lists committed blobs in the order of their names' bytes, page by page.
    func listBlobs(_ call: BlobCall) throws(BlobError) -> HTTPServer.Response {
        let prefix = call[query: "prefix"] ?? ""
        let hasMetadata = (call[query: "include"] ?? "").split(separator: ",").contains("metadata")
        let wanted = call[query: "maxresults"] ?? "5000"
        guard let limit = Int(wanted), limit > 0 else { throw .badQuery("maxresults", wanted) }
        let (container, cap) = try locked { state throws(BlobError) in
            guard let container = state.containers[call.container ?? ""] else { throw .containerNotFound }
            return (container, state.options.pageCap)
        }
        var names = container.blobs.filter { $0.value.committed != nil && $0.key.hasPrefix(prefix) }.keys
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        if let marker = call[query: "marker"], !marker.isEmpty {
            guard let bytes = Base64.decode(marker) else { throw .badQuery("marker", marker) }
            names.removeAll { $0.utf8.lexicographicallyPrecedes(bytes) }
        }
        let page = names.prefix(min(limit, cap, 5000))
        var items = ""
        for name in page {
            items += item(name, container.blobs[name]!, hasMetadata: hasMetadata, now: call.now)
        }
        let next = page.count < names.count ? Base64.encode(utf8(names[page.count])) : ""
        return xml(
            "<EnumerationResults ContainerName=\"\(xmlText(call.container ?? ""))\"><Prefix>\(xmlText(prefix))</Prefix>"
                + "<Blobs>\(items)</Blobs><NextMarker>\(next)</NextMarker></EnumerationResults>"
        )
    }

    private func item(_ name: String, _ blob: BlobState.Blob, hasMetadata: Bool, now: Int) -> String {
        guard let committed = blob.committed else { return "" }
        let lease = blob.lease.names(now)
        var text = "<Blob><Name>\(xmlText(name))</Name><Properties><Creation-Time>\(Timestamp.http(committed.created))"
        text += "</Creation-Time><Last-Modified>\(Timestamp.http(committed.modified))</Last-Modified>"
        text += "<Etag>\(xmlText(committed.etag))</Etag><Content-Length>\(committed.content.length)</Content-Length>"
        for (name, value) in committed.properties { text += "<\(name)>\(xmlText(value))</\(name)>" }
        if let digest = committed.contentMD5 { text += "<Content-MD5>\(digest)</Content-MD5>" }
        text += "<BlobType>BlockBlob</BlobType><LeaseStatus>\(lease.status)</LeaseStatus>"
        text += "<LeaseState>\(lease.state)</LeaseState><ServerEncrypted>true</ServerEncrypted></Properties>"
        if hasMetadata {
            let values = committed.metadata.map { "<\($0.name)>\(xmlText($0.value))</\($0.name)>" }
            text += "<Metadata>\(values.joined())</Metadata>"
        }
        return text + "</Blob>"
    }

    func xml(_ text: String) -> HTTPServer.Response {
        HTTPServer.Response(
            200,
            headers: ["Content-Type": "application/xml"],
            body: .text(#"<?xml version="1.0" encoding="utf-8"?>"# + text)
        )
    }

    /// Runs with the state locked; the typed error comes out.
    func locked<Value>(_ body: (inout BlobState) throws(BlobError) -> Value) throws(BlobError) -> Value {
        let result = state.withLock { state -> Result<Value, BlobError> in
            do throws(BlobError) {
                return .success(try body(&state))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
