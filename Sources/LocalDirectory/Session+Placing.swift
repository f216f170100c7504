import Glibc
import Transfer

extension Session {
    /// Creates a blob.
    func create(
        _ blob: BlobDescription,
        at path: BlobPath,
        _ content: LentBytes,
        _ permit: WritePermit,
        _ abandonment: Abandonment
    ) throws(Failure) {
        let file = try Failure.from { () throws(SystemError) in
            try requireFree(path, in: try folder(path.folders, in: root))
            let file = try temporary.makeFile()
            try content.write(to: file, at: 0)
            return file
        }
        try place(file, as: blob, at: path, permit, abandonment)
    }

    /// Gives a finished temporary file its name, with metadata.
    ///
    /// The order is what makes it whole, wherever it stops: content and its time are on the device first, then the
    /// metadata under a name of its own, then the name of the data. Metadata that never got its data, because of a
    /// crash or because the name was taken meanwhile, is tied to a time that no data file has: it means nothing and
    /// hinders nobody.
    /// - Parameter permit: asked for when all is written and only the name is missing.
    /// - Throws: ``Failure/Kind/alreadyExists`` where the name is taken.
    func place(
        _ file: TemporaryFile,
        as blob: BlobDescription,
        at path: BlobPath,
        _ permit: WritePermit = .always,
        _ abandonment: Abandonment = Abandonment()
    ) throws(Failure) {
        let place = try Failure.from { () throws(SystemError) in
            try freePlace(for: file, as: blob, at: path)
        }
        do throws(Failure) {
            try permit.check()
        } catch {
            place.removeRecord()
            throw error
        }
        try Failure.from { () throws(SystemError) in try give(file, place, abandonment) }
    }

    /// A free name for a blob, and its metadata.
    private struct FreePlace {
        var folder: Folder
        var name: String
        var metadataFolder: Folder
        var recordName: String

        /// To be called where the metadata is void: ours alone by its name, and without its data for good.
        func removeRecord() {
            unlinkat(metadataFolder.descriptor.number, recordName, 0)
        }
    }

    /// Has the content and the metadata survive a loss of power.
    private func freePlace(
        for file: TemporaryFile,
        as blob: BlobDescription,
        at path: BlobPath
    ) throws(SystemError) -> FreePlace {
        let folder = try folder(path.folders, in: root)
        try requireFree(path, in: folder)
        let metadataFolder = try self.folder(path.folders, in: metadata)
        let record = try temporary.makeFile()
        try record.write(MetadataRecord(blob).text)
        try record.sync()
        let recordName = try placeRecord(record, of: file, name: path.name, in: metadataFolder)
        try metadataFolder.sync()
        return FreePlace(folder: folder, name: path.name, metadataFolder: metadataFolder, recordName: recordName)
    }

    private func give(
        _ file: TemporaryFile,
        _ place: FreePlace,
        _ abandonment: Abandonment
    ) throws(SystemError) {
        do {
            try abandonment.beginPlacing(place.folder.path(of: place.name))
            try placement.place(file, as: place.name, in: place.folder)
        } catch {
            var error = error
            error.mayTakeEffect = error.leavesPlacingOpen
            if !error.mayTakeEffect { place.removeRecord() }
            throw error
        }
        do {
            try place.folder.sync()
        } catch {
            var error = error
            // It has its name, until a loss of power.
            error.mayTakeEffect = true
            throw error
        }
    }

    /// Gives metadata the name that ties it to the data file, which gets another time if that name was given before.
    private func placeRecord(
        _ record: TemporaryFile,
        of file: TemporaryFile,
        name: String,
        in folder: Folder
    ) throws(SystemError) -> String {
        var stamp = try file.stamp()
        // File systems keep times to the nanosecond, or to a second or two; never into the future.
        for difference in [1, 1_000, 1_000_000] + Array(repeating: 2_000_000_000, count: 16) {
            let recordName = stamp.metadataName(of: name)
            do {
                try placement.place(record, as: recordName, in: folder)
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
}

extension SystemError {
    /// Whether a file may get its name all the same: not where the kernel or the file system itself has said no, which is
    /// everything but a device or a server that gave no sound answer.
    fileprivate var leavesPlacingOpen: Bool {
        let refusals = [
            EEXIST, ECANCELED, ENOSPC, EDQUOT, EACCES, EPERM, EROFS, EXDEV, ENAMETOOLONG, EINVAL, EILSEQ, ENOTDIR,
            ELOOP,
            ENOSYS, EOPNOTSUPP, EMLINK, EMFILE, ENFILE, ENOMEM, EISDIR, ENOTEMPTY,
        ]
        return !refusals.contains(code)
    }
}
