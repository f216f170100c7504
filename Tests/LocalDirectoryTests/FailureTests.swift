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
}
