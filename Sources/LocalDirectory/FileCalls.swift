import CLinux
import Glibc

/// The system calls that give files their content and their names; a test replaces one to hold it up.
struct FileCalls: Sendable {
    var write: @Sendable (_ file: Int32, _ bytes: UnsafeRawBufferPointer, _ offset: off_t) -> Int = {
        pwrite($0, $1.baseAddress, $1.count, $2)
    }
    var sync: @Sendable (_ file: Int32) -> Int32 = { fsync($0) }
    /// Never replaces a file.
    var rename: @Sendable (_ from: Int32, _ name: String, _ to: Int32, _ newName: String) -> Int32 = {
        renameat2($0, $1, $2, $3, LINUX_RENAME_NOREPLACE)
    }
}
