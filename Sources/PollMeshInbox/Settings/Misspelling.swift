/// Finds the name that was probably meant.
enum Misspelling {
    /// The closest of the names that is at most two changes away (one for a name of fewer than eight characters), in
    /// any case; `nil` where there is none.
    static func correction(of word: String, among names: [String]) -> String? {
        let word = Array(word.uppercased().utf8)
        var best: (name: String, distance: Int)?
        for name in names {
            let limit = name.utf8.count < 5 ? 0 : name.utf8.count < 8 ? 1 : 2
            let distance = Self.distance(word, Array(name.utf8), atMost: limit)
            if let distance, distance < best?.distance ?? .max {
                best = (name, distance)
            }
        }
        return best?.name
    }

    /// How many letters are inserted, removed, replaced, or swapped with their neighbour.
    /// - Returns: `nil` when it is more than `limit`.
    static func distance(_ left: [UInt8], _ right: [UInt8], atMost limit: Int) -> Int? {
        guard abs(left.count - right.count) <= limit else { return nil }
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, byte) in left.enumerated() {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for (column, other) in right.enumerated() {
                var least = min(last[column + 1], current[column]) + 1
                least = min(least, last[column] + (byte == other ? 0 : 1))
                if row > 0, column > 0, byte == right[column - 1], left[row - 1] == other {
                    least = min(least, beforeLast[column - 1] + 1)
                }
                current.append(least)
            }
            guard current.contains(where: { $0 <= limit }) else { return nil }
            (beforeLast, last) = (last, current)
        }
        return last[right.count] <= limit ? last[right.count] : nil
    }
}
