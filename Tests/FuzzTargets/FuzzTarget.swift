/// One function that reads bytes which somebody else chose.
///
/// It may refuse them; it must neither trap nor hang, and what it promises of its results holds for every input.
package struct FuzzTarget: Sendable {
    package let name: String
    /// Inputs that others are made of: well-formed ones, and those that did harm once.
    package let seeds: [[UInt8]]
    /// Pieces that mean something to the function.
    package let words: [[UInt8]]
    package let run: @Sendable ([UInt8]) -> Void

    init(_ name: String, seeds: [String], words: [String] = [], run: @escaping @Sendable ([UInt8]) -> Void) {
        self.init(name, seedBytes: seeds.map { Array($0.utf8) }, words: words, run: run)
    }

    init(
        _ name: String,
        seedBytes: [[UInt8]],
        words: [String] = [],
        run: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.name = name
        self.seeds = seedBytes
        self.words = words.map { Array($0.utf8) }
        self.run = run
    }

    /// All of them.
    package static let all: [FuzzTarget] =
        [
            responseHead, chunkRange, inboxPage, meshError, gzip, messageHead, blockSizing,
            connectionString, accountURL, sharedAccessSignature, storageError, tokenAnswer, certificates,
            journal, metadataRecord, settings, retryAfter, httpDate,
        ]
}

/// Ends the process where a result is not what was promised.
func promise(_ holds: Bool, _ what: @autoclosure () -> String) {
    if !holds { fatalError("not as promised: \(what())") }
}

extension [UInt8] {
    /// As text; bytes that are no UTF-8 become U+FFFD.
    var text: String { String(decoding: self, as: UTF8.self) }

    /// The parts between line feeds, which stay at their ends.
    var lines: [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var rest = self[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 10).map { $0 + 1 } ?? rest.endIndex
            lines.append(rest[..<end])
            rest = rest[end...]
        }
        return lines
    }
}
