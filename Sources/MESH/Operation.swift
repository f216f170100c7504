/// What was asked of MESH.
enum Operation: Sendable, CaseIterable {
    case handshake
    case list
    case download
    case acknowledge

    /// Goes on after "MESH answered" or "MESH did not complete".
    var words: String {
        switch self {
        case .handshake: "the handshake"
        case .list: "the listing of the inbox"
        case .download: "the download"
        case .acknowledge: "the acknowledgement"
        }
    }
}
