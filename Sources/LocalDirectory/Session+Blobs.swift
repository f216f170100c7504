import Glibc
import Transfer

extension Session {
    /// Looks at a blob. One that has metadata is known to survive a loss of power when this returns: who placed it
    /// may have been stopped before the last sync.
    /// - Returns: `nil` when there is none; empty metadata for what this store did not write.
    func look(at path: BlobPath) throws(SystemError) -> BlobProperties? {
        guard let folder = try existingFolder(path.folders, in: root) else { return nil }
        guard let status = try folder.status(of: path.name) else { return nil }
        var properties = BlobProperties(
            length: try status.length(of: folder.path(of: path.name)),
            metadata: BlobMetadata(sortedEntries: [])
        )
        guard status.kind == .file else { return properties }
        guard let stamp = Stamp(status.st_mtim),
            let metadataFolder = try existingFolder(path.folders, in: metadata),
            let text = try metadataFolder.content(of: stamp.metadataName(of: path.name), atMost: MetadataRecord.limit),
            let record = MetadataRecord(text)
        else { return properties }
        try folder.sync()
        properties.metadata = record.blobMetadata
        return properties
    }

    /// Removes a blob and its metadata.
    func remove(_ path: BlobPath, _ abandonment: Abandonment) throws(SystemError) {
        guard let folder = try existingFolder(path.folders, in: root) else { return }
        guard let status = try folder.status(of: path.name) else { return }
        try abandonment.check("remove", folder.path(of: path.name))
        try folder.remove(path.name)
        guard let metadataFolder = try existingFolder(path.folders, in: metadata) else { return }
        guard let stamp = Stamp(status.st_mtim) else { return }
        try metadataFolder.remove(stamp.metadataName(of: path.name))
    }
}
