import Glibc
import Transfer

extension Session {
    /// Creates a blob.
    func create(
        _ blob: BlobDescription,
        at path: BlobPath,
        _ content: LentBytes,
        _ permit: Permit
    ) throws(SystemError) {
        try requireFree(path, in: try folder(path.folders, in: root))
        let file = try temporary.makeFile()
        try content.write(to: file, at: 0)
        try place(file, as: blob, at: path, permit)
    }

    /// Gives a finished temporary file its name, with metadata.
    ///
    /// The order is what makes it whole, wherever it stops: content and its time are on the device first, then the
    /// metadata under a name of its own, then the name of the data. Metadata that never got its data, because of a
    /// crash or because the name was taken meanwhile, is tied to a time that no data file has: it means nothing and
    /// hinders nobody.
    /// - Throws: `EEXIST` where the name is taken.
    func place(
        _ file: TemporaryFile,
        as blob: BlobDescription,
        at path: BlobPath,
        _ permit: Permit
    ) throws(SystemError) {
        let folder = try folder(path.folders, in: root)
        try requireFree(path, in: folder)
        let metadataFolder = try self.folder(path.folders, in: metadata)
        let record = try temporary.makeFile()
        try record.write(MetadataRecord(blob).text)
        try record.sync()
        let recordName = try placeRecord(record, of: file, name: path.name, in: metadataFolder, permit)
        try metadataFolder.sync()
        do {
            try placement.place(file, as: path.name, in: folder, permit)
        } catch  where [EEXIST, ECANCELED].contains(error.code) {
            // Ours alone by its name, and known to be void. After other errors the file may have got its name.
            unlinkat(metadataFolder.descriptor.number, recordName, 0)
            throw error
        }
        try folder.sync()
    }

    /// Gives metadata the name that ties it to the data file, which gets another time if that name was given before.
    private func placeRecord(
        _ record: TemporaryFile,
        of file: TemporaryFile,
        name: String,
        in folder: Folder,
        _ permit: Permit
    ) throws(SystemError) -> String {
        var stamp = try file.stamp()
        // File systems keep times to the nanosecond, or to a second or two; never into the future.
        for difference in [1, 1_000, 1_000_000] + Array(repeating: 2_000_000_000, count: 16) {
            let recordName = stamp.metadataName(of: name)
            do {
                try placement.place(record, as: recordName, in: folder, permit)
                return recordName
            } catch  where error.code == EEXIST {
                stamp = try file.stamp(stamp.earlier(byNanoseconds: difference))
            }
        }
        throw SystemError(code: EBUSY, action: "create", path: folder.path(of: stamp.metadataName(of: name)))
    }

    private func requireFree(_ path: BlobPath, in folder: Folder) throws(SystemError) {
        if try folder.status(of: path.name) != nil {
            throw SystemError(code: EEXIST, action: "create", path: folder.path(of: path.name))
        }
    }

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
    func remove(_ path: BlobPath, _ permit: Permit) throws(SystemError) {
        guard let folder = try existingFolder(path.folders, in: root) else { return }
        guard let status = try folder.status(of: path.name) else { return }
        try permit.check("remove", folder.path(of: path.name))
        try folder.remove(path.name)
        guard let metadataFolder = try existingFolder(path.folders, in: metadata) else { return }
        guard let stamp = Stamp(status.st_mtim) else { return }
        try metadataFolder.remove(stamp.metadataName(of: path.name))
    }
}
