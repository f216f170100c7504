package import Digests

/// Makes the metadata of a message's blob, and reads it back.
package enum MessageMetadata {
    package static let messageID = "meshmessageid"
    package static let digest = "sha256"

    /// Azure takes 8 KiB of names and values in all; some is left for what a proxy may add.
    static let limit = 7 << 10
    /// Stands at the end of a value that was cut.
    static let cutMark = "~cut"

    /// The names of the headers that are kept, by the name without `mex-`.
    private static let kept = Dictionary(uniqueKeysWithValues: keptHeaders.map { ($0, "mesh\($0)") })

    private static let keptHeaders = [
        "from", "to", "workflowid", "filename", "localid", "subject", "messagetype", "partnerid", "statuscode",
        "statusevent", "statusdescription", "statussuccess", "statustimestamp", "linkedmsgid", "contentcompressed",
        "contentencrypted", "contentchecksum",
    ]

    /// - Parameters:
    ///   - sha256: of the whole content.
    ///   - reason: why the message is in quarantine, if it is.
    package static func make(
        id: MessageID,
        attributes: MessageAttributes,
        sha256: SHA256.Digest,
        reason: String? = nil
    ) -> BlobMetadata {
        var entries = [
            BlobMetadata.Entry(name: messageID, value: encode(id.text)),
            BlobMetadata.Entry(name: digest, value: sha256.hex),
        ]
        if let reason {
            entries.append(BlobMetadata.Entry(name: "quarantinereason", value: encode(reason)))
        }
        for (name, value) in attributes.values {
            if let kept = kept[withoutHyphens(name)] {
                entries.append(BlobMetadata.Entry(name: kept, value: encode(value)))
            }
        }
        cut(&entries)
        return BlobMetadata(sortedEntries: entries.sorted { $0.name < $1.name })
    }

    private static func withoutHyphens(_ name: String) -> String {
        let hyphen = UInt8(ascii: "-")
        if name.hasOnlyBytes({ $0 != hyphen }) { return name }
        return String(decoding: name.utf8.filter { $0 != hyphen }, as: UTF8.self)
    }

    /// Whether the blob is of this message.
    package static func isOf(_ id: MessageID, _ metadata: BlobMetadata) -> Bool {
        metadata[messageID] == encode(id.text)
    }

    static func encode(_ text: String) -> String {
        PercentEncoding.encode(text)
    }

    /// Cuts the longest values until all fit.
    private static func cut(_ entries: inout [BlobMetadata.Entry]) {
        func size(_ entry: BlobMetadata.Entry) -> Int { entry.name.utf8.count + entry.value.utf8.count }
        while entries.reduce(0, { $0 + size($1) }) > limit {
            let longest = entries.indices.dropFirst(2).max { size(entries[$0]) < size(entries[$1]) }
            guard let longest, entries[longest].value.utf8.count > 2 * cutMark.utf8.count else { return }
            let value = entries[longest].value
            let text = value.hasSuffix(cutMark) ? value.dropLast(cutMark.count) : value[...]
            entries[longest].value = shortened(text) + cutMark
        }
    }

    /// The first half, without a broken escape at its end.
    private static func shortened(_ text: Substring) -> Substring {
        var half = text.prefix(text.count / 2)
        if let percent = half.suffix(2).firstIndex(of: "%") { half = half[..<percent] }
        return half
    }
}
