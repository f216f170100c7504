import Glibc
import Testing
import Transfer

@testable import LocalDirectory

@Suite struct FailureTests {
    @Test(
        arguments: [
            (ENOSPC, .transient, "ENOSPC"), (EDQUOT, .transient, "EDQUOT"), (EIO, .transient, "EIO"),
            (EACCES, .refused, "EACCES"), (EPERM, .refused, "EPERM"), (EROFS, .settings, "EROFS"),
            (ENOTDIR, .settings, "ENOTDIR"), (ELOOP, .settings, "ELOOP"), (EXDEV, .settings, "EXDEV"),
            (ENOLCK, .settings, "ENOLCK"), (ENOSYS, .settings, "ENOSYS"), (EOPNOTSUPP, .settings, "EOPNOTSUPP"),
            (EEXIST, .alreadyExists, "EEXIST"), (ENAMETOOLONG, .permanent, "ENAMETOOLONG"),
            (EINVAL, .permanent, "EINVAL"),
            (EFBIG, .permanent, "EFBIG"), (EMFILE, .transient, "EMFILE"), (ENOENT, .transient, "ENOENT"),
            (ESTALE, .transient, "ESTALE"), (ENOTCONN, .transient, "ENOTCONN"), (EBADMSG, .transient, "errno_74"),
            (EAGAIN, .transient, "EAGAIN"), (EOVERFLOW, .transient, "EOVERFLOW"),
            (ECANCELED, .cancelled, "cancelled"),
        ] as [(Int32, Failure.Kind, String)]
    )
    func saysWhatAnErrorMeans(code: Int32, kind: Failure.Kind, type: String) {
        let failure = Failure(SystemError(code: code, action: "write", path: "/data/a.dat"))
        #expect(failure.service == .storage)
        #expect(failure.kind == kind)
        #expect(failure.type == type)
        #expect(failure.message.hasPrefix("Can't write /data/a.dat: "))
        #expect(failure.message.hasSuffix("(\(type))."))
        #expect(!failure.description.contains("\n"))
    }

    @Test func namesTheUserWhoMayNot() {
        let failure = Failure(SystemError(code: EACCES, action: "create", path: "/data"))
        #expect(failure.advice?.contains("user \(geteuid()) ") == true)
    }

    @Test(
        arguments: [
            (.notAFile(.namedPipe), ENOTSUP, .settings, "not_a_file", "it is a named pipe"),
            (.notAFolder(.symbolicLink), ELOOP, .settings, "not_a_folder", "it is a symbolic link"),
            (.notARoot(.device), ENOTDIR, .settings, "not_a_folder", "it is a device"),
            (.missingRoot, ENOENT, .transient, "ENOENT", "it is missing, and its parent takes no folder"),
            (.missingRoot, EROFS, .settings, "EROFS", "it is missing, and the file system is read-only"),
            (.missingRoot, EACCES, .refused, "EACCES", "it is missing, and permission denied"),
            (.tooLarge(limit: 5), EFBIG, .settings, "file_too_large", "it has more than the 5 bytes"),
        ] as [(SystemError.Obstacle, Int32, Failure.Kind, String, String)]
    )
    func saysWhatIsInTheWay(obstacle: SystemError.Obstacle, code: Int32, kind: Failure.Kind, type: String, text: String)
    {
        let failure = Failure(SystemError(code: code, action: "open", path: "/data/a", obstacle: obstacle))
        #expect(failure.kind == kind)
        #expect(failure.type == type)
        #expect(failure.message.contains("/data/a: \(text)"))
        #expect(failure.advice != nil)
    }

    @Test func everyKindHasWords() {
        #expect(Set(FileKind.allCases.map(\.words)).count == FileKind.allCases.count)
    }
}
