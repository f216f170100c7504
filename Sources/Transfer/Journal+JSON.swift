/// Why the content of a journal can't be read.
package struct JournalDamage: Error, Sendable, Equatable {
    package let reason: String
}

extension Journal {
    private static let version = 1
    private static let superseded = "superseded"

    /// Messages of one plan and state with consecutive ordinals.
    private struct Group {
        var time: String
        var prefix: String
        var source: String
        var state: String
        /// Of the first.
        var ordinal: Int
        var ids: [String]
        var hasFailed: Bool

        init?(_ value: JSONValue) {
            guard let time = value["time"]?.string, let prefix = value["prefix"]?.string,
                let source = value["source"]?.string, let state = value["state"]?.string,
                let ordinal = value["ordinal"]?.integer, let ids = value["ids"]?.strings
            else { return nil }
            (self.time, self.prefix, self.source, self.state) = (time, prefix, source, state)
            (self.ordinal, self.ids) = (ordinal, ids)
            hasFailed = value["failed"] == .bool(true)
        }
    }

    /// Reads a journal. Nothing at all is a new one.
    package init(json: [UInt8]) throws(JournalDamage) {
        self.init()
        guard !json.isEmpty else { return }
        let foreign = JournalDamage(reason: "it is not the JSON that this program writes")
        guard let document = JSONValue(json), let version = document["version"]?.integer else { throw foreign }
        guard version == Self.version else {
            throw JournalDamage(reason: "it is of version \(version), where \(Self.version) was expected")
        }
        guard let groups = document["groups"]?.array else { throw foreign }
        for value in groups {
            guard let group = Group(value) else { throw foreign }
            try add(group)
        }
        if let id = superseded.keys.first(where: { records[$0] == nil }) {
            throw JournalDamage(reason: "\(id.text.debugDescription) has an old plan and no entry")
        }
    }

    private mutating func add(_ group: Group) throws(JournalDamage) {
        guard let time = CivilTime(compactText: group.time) else {
            throw JournalDamage(reason: "\(group.time.debugDescription) is no time")
        }
        guard let source = BSOSource(rawValue: group.source) else {
            throw JournalDamage(reason: "\(group.source.debugDescription) is no source of a BSO code")
        }
        guard (0...Planner.ordinalsPerSecond).contains(group.ordinal), group.ids.count <= Planner.ordinalsPerSecond
        else {
            throw JournalDamage(reason: "an ordinal is out of its range")
        }
        let state = State(rawValue: group.state)
        guard state != nil || group.state == Self.superseded else {
            throw JournalDamage(reason: "\(group.state.debugDescription) is no state")
        }
        let plan = index(of: Plan(time: time, prefix: group.prefix, source: source))
        for (offset, text) in group.ids.enumerated() {
            guard !text.isEmpty else { throw JournalDamage(reason: "an id is empty") }
            let id = MessageID(text)
            let record = Record(
                plan: plan,
                ordinal: Int32(group.ordinal + offset),
                state: state ?? .planned,
                hasFailed: group.hasFailed
            )
            guard state != nil else {
                superseded[id, default: []].append(entry(id, record))
                continue
            }
            guard records.insert(record, for: id) else {
                throw JournalDamage(reason: "\(text.debugDescription) has two entries")
            }
        }
    }

    /// Writes the journal as JSON: a line for each run of messages that differ by nothing but their ordinals.
    package func json() -> [UInt8] {
        let order = records.positions
            .filter { !records[$0].hasLeft }
            .sorted { (records[$0].plan, records[$0].ordinal) < (records[$1].plan, records[$1].ordinal) }
        var json: [UInt8] = []
        // Sized at once: what grows has its old and its new memory at the same time.
        json.reserveCapacity(order.reduce(4096) { $0 + records.length(at: $1) + 3 })
        json.append(contentsOf: "{\"version\":\(Self.version),\"groups\":[".utf8)
        var writer = GroupWriter()
        for position in order {
            let record = records[position]
            let plan = plans[Int(record.plan)]
            let kind = GroupWriter.Kind(state: record.state.rawValue, hasFailed: record.hasFailed)
            writer.append(records.id(at: position), plan, Int(record.ordinal), kind, to: &json)
        }
        for (_, old) in superseded.sorted(by: { $0.key.text < $1.key.text }) {
            for entry in old {
                writer.append(entry.id, Plan(entry), entry.ordinal, .init(state: Self.superseded), to: &json)
            }
        }
        writer.end(&json)
        json.append(contentsOf: "\n]}\n".utf8)
        return json
    }
}

/// Writes entries one after the other, those that belong together in one group.
private struct GroupWriter {
    /// What the entries of a group have in common beside their plan.
    struct Kind: Equatable {
        var state: String
        var hasFailed = false
    }

    private var plan: Journal.Plan?
    private var kind = Kind(state: "")
    private var nextOrdinal = 0

    mutating func append(
        _ id: MessageID,
        _ plan: Journal.Plan,
        _ ordinal: Int,
        _ kind: Kind,
        to json: inout [UInt8]
    ) {
        if plan == self.plan && ordinal == nextOrdinal && kind == self.kind {
            json.append(UInt8(ascii: ","))
        } else {
            if self.plan != nil { json.append(contentsOf: "]},".utf8) }
            json.append(contentsOf: "\n{\"time\":\"\(plan.time.compactText)\",\"prefix\":".utf8)
            JSONText.append(plan.prefix, to: &json)
            json.append(contentsOf: ",\"source\":\"\(plan.source.rawValue)\",\"state\":\"\(kind.state)\"".utf8)
            if kind.hasFailed { json.append(contentsOf: ",\"failed\":true".utf8) }
            json.append(contentsOf: ",\"ordinal\":\(ordinal),\"ids\":[".utf8)
        }
        JSONText.append(id.text, to: &json)
        (self.plan, self.kind, nextOrdinal) = (plan, kind, ordinal + 1)
    }

    func end(_ json: inout [UInt8]) {
        if plan != nil { json.append(contentsOf: "]}".utf8) }
    }
}
