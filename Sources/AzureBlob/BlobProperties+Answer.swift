package import HTTPTypes
package import Transfer

extension BlobProperties {
    /// Reads length and metadata from the head of an answer; `nil` without a length.
    package init?(_ fields: HTTPFields) {
        guard let length = fields[.contentLength].flatMap({ UInt64($0) }) else { return nil }
        var entries: [BlobMetadata.Entry] = []
        for field in fields where field.name.canonicalName.hasPrefix("x-ms-meta-") {
            entries.append(BlobMetadata.Entry(name: String(field.name.canonicalName.dropFirst(10)), value: field.value))
        }
        entries.sort { $0.name < $1.name }
        self.init(length: length, metadata: BlobMetadata(sortedEntries: entries))
    }
}
