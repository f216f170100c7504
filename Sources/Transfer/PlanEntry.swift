/// What was decided for one message before any of it was stored; every name it can have follows from this.
package struct PlanEntry: Hashable, Sendable {
    package var id: MessageID
    /// When the transfer was planned.
    package var time: CivilTime
    /// The place among all that were planned for this second, from 0.
    package var ordinal: Int
    /// What stands before every name.
    package var prefix: String
    package var source: BSOSource

    package init(id: MessageID, time: CivilTime, ordinal: Int, prefix: String, source: BSOSource) {
        self.id = id
        self.time = time
        self.ordinal = ordinal
        self.prefix = prefix
        self.source = source
    }
}

extension PlanEntry {
    /// What a blob is, as far as its name tells.
    package enum Kind: Sendable {
        case message
        case report

        fileprivate var folder: String { self == .report ? "reports/" : "" }
        fileprivate var ending: String { self == .report ? ".ctl" : ".dat" }
    }

    /// `{date}/{BSO}_{time}.dat`, for the first message of its BSO in that second.
    package func plainName(_ code: BSOCode, _ kind: Kind = .message) -> BlobName {
        BlobName(name(code, kind, ""))
    }

    /// `{date}/{BSO}_{time}_{ordinal}_{id}.dat`, where the plain name is somebody else's. Sorts behind it and by ordinal.
    package func collisionName(_ code: BSOCode, _ kind: Kind = .message) -> BlobName {
        var place: [UInt8] = []
        place.append("_")
        place.appendDigits(of: ordinal, width: 4)
        place.append("_")
        place.append(encodedID)
        return BlobName(name(code, kind, String(decoding: place, as: UTF8.self)))
    }

    /// `quarantine/{date}/{id}`, for a message that is malformed: its only name.
    package var quarantineName: BlobName {
        BlobName("\(prefix)quarantine/\(time.dateText)/\(encodedID)")
    }

    private func name(_ code: BSOCode, _ kind: Kind, _ place: String) -> String {
        var name = prefix
        name += kind.folder
        name += time.dateText
        name += "/"
        name += code.text
        name += "_"
        name += time.compactText
        name += place
        name += kind.ending
        return name
    }

    /// The id with everything but letters, digits, `_` and `-` percent-encoded.
    private var encodedID: String {
        PercentEncoding.encode(id.text) {
            PercentEncoding.isLetterOrDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
        }
    }
}
