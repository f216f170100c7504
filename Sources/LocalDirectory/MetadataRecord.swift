package import Transfer

/// What the file of metadata holds, as a JSON object.
package struct MetadataRecord {
    /// More bytes than any record has: MESH's headers are some kilobytes.
    static let limit = 1 << 20

    private var contentType: String
    private var metadata: [String: String]

    package init(_ blob: BlobDescription) {
        self.contentType = blob.contentType
        self.metadata = Dictionary(blob.metadata.entries.map { ($0.name, $0.value) }) { first, _ in first }
    }

    /// - Returns: `nil` for what this store can't have written.
    package init?(_ text: [UInt8]) {
        guard let record = JSONValue(text), let contentType = record["contentType"]?.string,
            let metadata = record["metadata"]?.stringMembers
        else { return nil }
        (self.contentType, self.metadata) = (contentType, metadata)
    }

    package var blobMetadata: BlobMetadata {
        BlobMetadata(
            sortedEntries: metadata.sorted { $0.key < $1.key }.map { BlobMetadata.Entry(name: $0.key, value: $0.value) }
        )
    }

    package var text: [UInt8] {
        var json = Array("{\n  \"contentType\" : ".utf8)
        JSONText.append(contentType, to: &json)
        json += ",\n  \"metadata\" : {".utf8
        var separator = "\n    "
        for (name, value) in metadata.sorted(by: { $0.key < $1.key }) {
            json += separator.utf8
            separator = ",\n    "
            JSONText.append(name, to: &json)
            json += " : ".utf8
            JSONText.append(value, to: &json)
        }
        json += "\n  }\n}\n".utf8
        return json
    }
}
