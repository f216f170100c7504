import Glibc

/// What is at a path.
enum FileKind: Sendable, Equatable, CaseIterable {
    case file
    case folder
    case symbolicLink
    case namedPipe
    case socket
    case device
    case unknown

    /// - Parameter mode: as `stat` gives it.
    init(mode: mode_t) {
        switch mode & S_IFMT {
        case S_IFREG: self = .file
        case S_IFDIR: self = .folder
        case S_IFLNK: self = .symbolicLink
        case S_IFIFO: self = .namedPipe
        case S_IFSOCK: self = .socket
        case S_IFCHR, S_IFBLK: self = .device
        default: self = .unknown
        }
    }

    /// With its article.
    var words: String {
        switch self {
        case .file: "a file"
        case .folder: "a folder"
        case .symbolicLink: "a symbolic link"
        case .namedPipe: "a named pipe"
        case .socket: "a socket"
        case .device: "a device"
        case .unknown: "of a kind that is not known"
        }
    }
}
