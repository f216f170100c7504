internal import HTTPTypes
import Synchronization

/// The headers that metadata travels in. Every blob has the same few names, so each is made once.
final class MetadataFieldNames: Sendable {
    static let shared = MetadataFieldNames()

    private let names = Mutex<[String: HTTPField.Name]>([:])

    /// - Parameter name: of the metadata, as the program chooses it.
    /// - Returns: `nil` for what can't be a header's name.
    subscript(name: String) -> HTTPField.Name? {
        names.withLock { names in
            if let known = names[name] { return known }
            guard let made = HTTPField.Name("x-ms-meta-" + name) else { return nil }
            names[name] = made
            return made
        }
    }
}
