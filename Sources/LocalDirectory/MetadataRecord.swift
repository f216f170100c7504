import FoundationEssentials
package import Transfer

/// What the file of metadata holds, as a JSON object.
package struct MetadataRecord: Codable {
    private var contentType: String
    private var metadata: [String: String]

    package init(_ blob: BlobDescription) {
        self.contentType = blob.contentType
        self.metadata = Dictionary(blob.metadata.entries.map { ($0.name, $0.value) }) { first, _ in first }
    }

    /// - Returns: `nil` for what this store can't have written.
    package init?(_ text: [UInt8]) {
        guard let record = try? JSONDecoder().decode(MetadataRecord.self, from: Data(text)) else { return nil }
        self = record
    }

    package var blobMetadata: BlobMetadata {
        BlobMetadata(
            sortedEntries: metadata.sorted { $0.key < $1.key }.map { BlobMetadata.Entry(name: $0.key, value: $0.value) }
        )
    }

    package var text: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
        } catch {
            preconditionFailure("Strings can always be encoded: \(error)")
        }
    }
}
