internal import HTTPTypes
internal import Transfer

extension StorageRequest {
    static func getBlob(_ name: BlobName, in path: ContainerPath) -> StorageRequest {
        StorageRequest(operation: .getBlob, method: .get, path: path.blob(name))
    }

    /// Writes a blob's whole content anew, under a condition and possibly a lease.
    static func replaceBlob(
        _ name: BlobName,
        in path: ContainerPath,
        contentType: String,
        contentLength: Int,
        contentMD5: String,
        condition: WriteCondition,
        leaseID: String?
    ) -> StorageRequest {
        let operation: StorageOperation = condition == .missing ? .putBlob : .replaceBlob
        var request = StorageRequest(operation: operation, method: .put, path: path.blob(name))
        request.contentLength = contentLength
        request.contentType = contentType
        request.contentMD5 = contentMD5
        switch condition {
        case .missing:
            request.ifNoneMatch = "*"
        case .unchanged(let version):
            request.ifMatch = version.etag
        }
        request.add(.blockBlob)
        if let leaseID {
            request.add(HTTPField(name: .leaseID, value: leaseID))
        }
        return request
    }

    /// - Parameter duration: 15 to 60 seconds.
    static func acquireLease(
        on name: BlobName,
        in path: ContainerPath,
        proposedID: String,
        duration: Int
    ) -> StorageRequest {
        var request = lease(.acquireLease, action: "acquire", on: name, in: path)
        request.add(HTTPField(name: .leaseDuration, value: String(duration)))
        request.add(HTTPField(name: .proposedLeaseID, value: proposedID))
        request.heldLeaseID = proposedID
        return request
    }

    static func renewLease(on name: BlobName, in path: ContainerPath, id: String) -> StorageRequest {
        var request = lease(.renewLease, action: "renew", on: name, in: path)
        request.add(HTTPField(name: .leaseID, value: id))
        request.heldLeaseID = id
        return request
    }

    static func releaseLease(on name: BlobName, in path: ContainerPath, id: String) -> StorageRequest {
        var request = lease(.releaseLease, action: "release", on: name, in: path)
        request.add(HTTPField(name: .leaseID, value: id))
        return request
    }

    private static func lease(
        _ operation: StorageOperation,
        action: String,
        on name: BlobName,
        in path: ContainerPath
    ) -> StorageRequest {
        var request = StorageRequest(
            operation: operation,
            method: .put,
            path: path.blob(name),
            query: [QueryItem(name: "comp", value: "lease")]
        )
        request.add(HTTPField(name: .leaseAction, value: action))
        return request
    }
}
