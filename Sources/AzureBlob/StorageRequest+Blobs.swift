internal import HTTPTypes
internal import Transfer

/// Where blobs are: the encoded path of a container.
struct ContainerPath: Sendable {
    let text: String

    init(endpoint: StorageEndpoint, container: ContainerName) {
        text = "\(endpoint.basePath)/\(container.text)"
    }

    func blob(_ name: BlobName) -> String {
        text + "/" + PercentEncoding.encode(name.path, keeping: PercentEncoding.isKeptInPath)
    }
}

extension StorageRequest {
    static func createContainer(_ path: ContainerPath) -> StorageRequest {
        StorageRequest(
            operation: .createContainer,
            method: .put,
            path: path.text,
            query: [QueryItem(name: "restype", value: "container")]
        )
    }

    /// Creates a blob with its whole content, provided that there is none.
    /// - Parameter contentMD5: the content's MD5 in Base64, which the service checks.
    static func putBlob(
        _ blob: BlobDescription,
        in path: ContainerPath,
        contentLength: Int,
        contentMD5: String
    ) throws(Failure) -> StorageRequest {
        var request = StorageRequest(operation: .putBlob, method: .put, path: path.blob(blob.name))
        request.contentLength = contentLength
        request.contentType = blob.contentType
        request.contentMD5 = contentMD5
        request.ifNoneMatch = "*"
        request.add(.blockBlob)
        try request.append(blob.metadata)
        return request
    }

    /// Keeps a block for a blob to come.
    /// - Parameter contentMD5: makes the service check the content itself; else it answers with its CRC-64.
    static func putBlock(
        _ id: String,
        of name: BlobName,
        in path: ContainerPath,
        contentLength: Int,
        contentMD5: String? = nil
    ) -> StorageRequest {
        var request = StorageRequest(
            operation: .putBlock,
            method: .put,
            path: path.blob(name),
            query: [QueryItem(name: "blockid", value: id), QueryItem(name: "comp", value: "block")]
        )
        request.contentLength = contentLength
        request.contentMD5 = contentMD5
        return request
    }

    /// Creates a blob from its blocks, provided that there is none.
    static func putBlockList(
        _ blob: BlobDescription,
        in path: ContainerPath,
        contentLength: Int
    ) throws(Failure) -> StorageRequest {
        var request = StorageRequest(
            operation: .putBlockList,
            method: .put,
            path: path.blob(blob.name),
            query: [QueryItem(name: "comp", value: "blocklist")]
        )
        request.contentLength = contentLength
        request.ifNoneMatch = "*"
        request.add(HTTPField(name: .blobContentType, value: blob.contentType))
        try request.append(blob.metadata)
        return request
    }

    static func getBlobProperties(_ name: BlobName, in path: ContainerPath) -> StorageRequest {
        StorageRequest(operation: .getBlobProperties, method: .head, path: path.blob(name))
    }

    static func deleteBlob(_ name: BlobName, in path: ContainerPath) -> StorageRequest {
        StorageRequest(operation: .deleteBlob, method: .delete, path: path.blob(name))
    }

    private mutating func append(_ metadata: BlobMetadata) throws(Failure) {
        for entry in metadata.entries {
            guard let name = MetadataFieldNames.shared[entry.name] else {
                throw Failure(
                    service: .storage,
                    kind: .permanent,
                    type: "invalid_metadata",
                    message: "The metadata name \(entry.name) can't be sent as a header."
                )
            }
            add(HTTPField(name: name, value: entry.value))
        }
    }
}
