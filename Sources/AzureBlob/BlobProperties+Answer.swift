package import Curl
internal import HTTPTypes
package import Transfer

extension BlobProperties {
    /// Reads length and metadata from the head of an answer; `nil` without a length.
    package init?(_ fields: ResponseFields) {
        guard let length = fields[.contentLength].flatMap({ UInt64($0) }) else { return nil }
        var entries: [BlobMetadata.Entry] = []
        fields.forEach(prefix: "x-ms-meta-") { name, value in
            entries.append(
                BlobMetadata.Entry(
                    name: String(decoding: name, as: UTF8.self),
                    value: String(decoding: value, as: UTF8.self)
                )
            )
        }
        entries.sort { $0.name < $1.name }
        self.init(length: length, metadata: BlobMetadata(sortedEntries: entries))
    }
}
