/// The service's own order of header names, which is not that of bytes: first without hyphens, `_` before digits before
/// letters; of names that differ in hyphens only, the one that has the first hyphen comes last.
struct HeaderOrder: Comparable {
    private let name: String
    private let ranks: [UInt8]

    init(_ name: String) {
        self.name = name
        var ranks = Array(name.utf8)
        ranks.withUnsafeMutableBufferPointer { ranks in
            for index in ranks.indices where ranks[index] == UInt8(ascii: "_") { ranks[index] = 1 }
        }
        ranks.removeAll { $0 == UInt8(ascii: "-") }
        self.ranks = ranks
    }

    static func < (first: HeaderOrder, second: HeaderOrder) -> Bool {
        if first.ranks != second.ranks { return first.ranks.lexicographicallyPrecedes(second.ranks) }
        let difference = zip(first.name.utf8, second.name.utf8).first { $0 != $1 }
        return difference.map { $0.1 == UInt8(ascii: "-") } ?? (first.name.utf8.count < second.name.utf8.count)
    }
}
