package import Blocks
package import Transfer

extension Block {
    /// A block of this content and nothing else.
    package convenience init(_ content: [UInt8]) {
        self.init(capacity: max(content.count, 1))
        content.withUnsafeBytes { _ = append($0) }
    }

    /// A block of this text in UTF-8.
    package convenience init(_ text: String) {
        self.init([UInt8](text.utf8))
    }
}

/// The failure of the work; `nil` where it succeeds.
package func failure(of work: () async throws(Failure) -> Void) async -> Failure? {
    do {
        try await work()
        return nil
    } catch {
        return error
    }
}
