import Glibc
import Transfer

extension Failure {
    /// What a failed system call means for the transfer: the one table from `errno` to a kind and an advice.
    init(_ error: SystemError) {
        let meaning = error.obstacle.map { Meaning($0, error.code) } ?? Meaning(error.code)
        self.init(
            service: .storage,
            kind: meaning.kind,
            type: meaning.name,
            message: "Can't \(familiar: error.action) \(error.path, limit: 1_000): "
                + "\(familiar: meaning.text) (\(familiar: meaning.name)).",
            advice: meaning.advice
        )
        mayTakeEffect = error.mayTakeEffect
    }

    /// Does the work, and says what a failed system call in it means.
    static func from<Value>(_ work: () throws(SystemError) -> Value) throws(Failure) -> Value {
        do {
            return try work()
        } catch {
            throw Failure(error)
        }
    }
}

/// What one value of `errno` says about a folder of messages.
private struct Meaning {
    var name: String
    var kind: Failure.Kind
    var text: String
    var advice: String?

    init(_ name: String, _ kind: Failure.Kind, _ text: String, _ advice: String? = nil) {
        self.name = name
        self.kind = kind
        self.text = text
        self.advice = advice
    }

    init(_ obstacle: SystemError.Obstacle, _ code: Int32) {
        switch obstacle {
        case .notAFile(let kind):
            self.init(
                "not_a_file",
                .settings,
                "it is \(kind.words), and a file is needed",
                "Find out who made it, and move it away."
            )
        case .notAFolder(let kind):
            self.init(
                "not_a_folder",
                .settings,
                "it is \(kind.words), and a folder is needed",
                "Move it away, or choose another STORAGE_DIRECTORY or BLOB_PREFIX; symbolic links below the folder are "
                    + "not followed."
            )
        case .notARoot(let kind):
            self.init(
                "not_a_folder",
                .settings,
                "it is \(kind.words), and a folder is needed",
                "Choose another STORAGE_DIRECTORY; it may be a symbolic link to a folder that is there."
            )
        case .missingRoot:
            self.init(code)
            text = code == ENOENT ? "it is missing, and its parent takes no folder" : "it is missing, and \(text)"
            advice =
                "Create it and let user \(geteuid()) (group \(getegid())) write it, or choose another "
                + "STORAGE_DIRECTORY."
        case .tooLarge(let limit):
            self.init(
                "file_too_large",
                .settings,
                "it has more than the \(limit) bytes that it may have",
                "Find out who wrote it, and move it away."
            )
        }
    }

    init(_ code: Int32) {
        switch code {
        case EEXIST:
            self.init("EEXIST", .alreadyExists, "it exists already")
        case ENOSPC:
            self.init(
                "ENOSPC",
                .transient,
                "no space is left on the device",
                "Free some space; the message stays in the inbox and is tried again at the next run."
            )
        case EDQUOT:
            self.init(
                "EDQUOT",
                .transient,
                "the disk quota is used up",
                "Free some space or raise the quota; the message stays in the inbox and is tried again at the next run."
            )
        case EACCES, EPERM:
            self.init(
                code == EACCES ? "EACCES" : "EPERM",
                .refused,
                "permission denied",
                "Let user \(geteuid()) (group \(getegid())) read and write it, in Kubernetes with fsGroup, "
                    + "or choose another STORAGE_DIRECTORY."
            )
        case EROFS:
            self.init(
                "EROFS",
                .settings,
                "the file system is read-only",
                "Mount it writable, or choose another STORAGE_DIRECTORY."
            )
        case ENOTDIR:
            self.init(
                "ENOTDIR",
                .settings,
                "it, or a part of its path, is not a folder",
                "Choose another STORAGE_DIRECTORY or BLOB_PREFIX; symbolic links below the folder are not followed."
            )
        case ELOOP:
            self.init(
                "ELOOP",
                .settings,
                "it is a symbolic link, or there are too many of them on the way",
                "Choose another STORAGE_DIRECTORY or BLOB_PREFIX; symbolic links below the folder are not followed."
            )
        case EXDEV:
            self.init(
                "EXDEV",
                .settings,
                "it is on another file system than the rest of the folder",
                "Keep all of STORAGE_DIRECTORY on one file system."
            )
        case ENAMETOOLONG:
            self.init(
                "ENAMETOOLONG",
                .permanent,
                "the name is too long for the file system",
                "Shorten BLOB_PREFIX or STORAGE_DIRECTORY."
            )
        case EINVAL, EILSEQ:
            self.init(
                code == EINVAL ? "EINVAL" : "EILSEQ",
                .permanent,
                "the file system does not take this",
                "Use a native file system of Linux, such as ext4, XFS or NFS."
            )
        case EFBIG:
            self.init(
                "EFBIG",
                .permanent,
                "the file would be larger than the file system or a limit of the process permits",
                "Raise the limit on the size of files (ulimit -f), or use another file system."
            )
        case ENOSYS, EOPNOTSUPP:
            self.init(
                code == ENOSYS ? "ENOSYS" : "EOPNOTSUPP",
                .settings,
                "the file system can't do this",
                "Use a native file system of Linux, such as ext4, XFS or NFS."
            )
        case ENOLCK:
            self.init(
                "ENOLCK",
                .settings,
                "the file system gives no locks",
                "Use a file system with working locks; for NFS, start its lock service or mount version 4."
            )
        case ENOENT:
            self.init(
                "ENOENT",
                .transient,
                "the file or its folder is missing",
                "Do not remove folders that messages are being stored in."
            )
        case EOVERFLOW:
            self.init(
                "EOVERFLOW",
                .transient,
                "the file system says a length or a time that no file has",
                "Check the file system and its server."
            )
        case EAGAIN:
            self.init("EAGAIN", .transient, "another process has a lease on it", "Find the process with lslocks.")
        case ECANCELED:
            self.init("cancelled", .cancelled, "the run was stopped before")
        case EIO:
            self.init("EIO", .transient, "the device reported an input or output error", "Check the device.")
        case ESTALE, ENOTCONN, ETIMEDOUT, EHOSTDOWN, EHOSTUNREACH, ENODEV:
            self.init(
                Self.unreachable[code] ?? "E\(code)",
                .transient,
                "the file system can't be reached",
                "Check the mounted volume and its server."
            )
        case EMFILE, ENFILE:
            self.init(
                code == EMFILE ? "EMFILE" : "ENFILE",
                .transient,
                "too many files are open",
                "Lower CONCURRENCY, or raise the limit on open files (ulimit -n)."
            )
        default:
            self.init("errno_\(code)", .transient, String(cString: strerror(code)))
        }
    }

    private static let unreachable: [Int32: String] = [
        ESTALE: "ESTALE", ENOTCONN: "ENOTCONN", ETIMEDOUT: "ETIMEDOUT", EHOSTDOWN: "EHOSTDOWN",
        EHOSTUNREACH: "EHOSTUNREACH", ENODEV: "ENODEV",
    ]
}
