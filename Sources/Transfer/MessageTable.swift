/// Values by message id, in the order in which the ids came.
///
/// What a dictionary does, in a third of its memory: it holds every message that a run lists. The bytes of the ids lie one
/// after the other, and an index of four bytes a place leads to them. Nothing leaves, so no place is ever free again.
struct MessageTable<Value: Hashable & Sendable>: Sendable {
    /// A thousand entries, so that growing copies no more than that.
    private struct Slab {
        static var size: Int { 1 << 10 }

        /// The ids in UTF-8, one after the other.
        var bytes: [UInt8] = []
        /// Where each id ends in `bytes`.
        var ends: [Int] = []
        var values: [Value] = []

        func range(at place: Int) -> Range<Int> {
            (place == 0 ? 0 : ends[place - 1])..<ends[place]
        }

        mutating func append(_ value: Value, for id: MessageID) {
            bytes.append(contentsOf: id.text.utf8)
            ends.append(bytes.count)
            values.append(value)
        }
    }

    private var slabs: [Slab] = []
    private(set) var count = 0
    /// Open addressing: the position of an entry, plus one, at the hash of its id or behind it; 0 where there is none.
    private var index = [UInt32](repeating: 0, count: 4)

    /// Every entry has a position.
    var positions: Range<Int> { 0..<count }

    func id(at position: Int) -> MessageID {
        withBytes(at: position) { MessageID(String(decoding: $0, as: UTF8.self)) }
    }

    /// The number of bytes of an id.
    func length(at position: Int) -> Int {
        slabs[position / Slab.size].range(at: position % Slab.size).count
    }

    subscript(position: Int) -> Value {
        get { slabs[position / Slab.size].values[position % Slab.size] }
        _modify { yield &slabs[position / Slab.size].values[position % Slab.size] }
    }

    subscript(id: MessageID) -> Value? {
        position(of: id).map { self[$0] }
    }

    func position(of id: MessageID) -> Int? {
        withBytes(of: id) { find($0).position }
    }

    /// Adds an entry for an id that has none.
    /// - Returns: whether it had none; otherwise nothing changes.
    @discardableResult
    mutating func insert(_ value: Value, for id: MessageID) -> Bool {
        if (count + 1) * 4 > index.count * 3 { widenIndex() }
        let (place, known) = withBytes(of: id) { find($0) }
        guard known == nil else { return false }
        if count % Slab.size == 0 { slabs.append(Slab()) }
        slabs[count / Slab.size].append(value, for: id)
        count += 1
        index[place] = UInt32(count)
        return true
    }

    /// Where in the index an id is or belongs.
    private func find(_ id: UnsafeRawBufferPointer) -> (place: Int, position: Int?) {
        var place = firstPlace(id)
        while index[place] != 0 {
            let position = Int(index[place]) - 1
            if isID(id, at: position) { return (place, position) }
            place = (place + 1) & (index.count - 1)
        }
        return (place, nil)
    }

    private func firstPlace(_ id: UnsafeRawBufferPointer) -> Int {
        // With a seed of this process: whoever sends messages chooses what their ids are.
        var hasher = Hasher()
        hasher.combine(bytes: id)
        return hasher.finalize() & (index.count - 1)
    }

    private func isID(_ id: UnsafeRawBufferPointer, at position: Int) -> Bool {
        guard length(at: position) == id.count else { return false }
        return withBytes(at: position) { id.elementsEqual($0) }
    }

    private mutating func widenIndex() {
        index = [UInt32](repeating: 0, count: index.count * 2)
        for position in positions {
            var place = withBytes(at: position) { firstPlace($0) }
            while index[place] != 0 { place = (place + 1) & (index.count - 1) }
            index[place] = UInt32(position + 1)
        }
    }

    private func withBytes<Result>(at position: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let range = slabs[position / Slab.size].range(at: position % Slab.size)
        return slabs[position / Slab.size].bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    private func withBytes<Result>(of id: MessageID, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        var text = id.text
        return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }
}

/// Two tables are equal if they have the same entries, in whatever order these came.
extension MessageTable: Hashable {
    static func == (left: Self, right: Self) -> Bool {
        left.count == right.count
            && left.positions.allSatisfy { position in
                let other = left.withBytes(at: position) { right.find($0).position }
                return other.map { right[$0] } == left[position]
            }
    }

    func hash(into hasher: inout Hasher) {
        var sum = 0
        for position in positions {
            var entry = Hasher()
            withBytes(at: position) { entry.combine(bytes: $0) }
            entry.combine(self[position])
            sum &+= entry.finalize()
        }
        hasher.combine(sum)
    }
}
