import Glibc
import TestServers

// Starts the strict servers for tests from other languages, for demonstrations, and for measurements:
//
//     test-servers --mesh --blob --messages 1000 --size 2048
//     {"mesh":"http://127.0.0.1:35021","blob":"http://127.0.0.1:40111/devstoreaccount1",...}
//
// It prints one line of JSON and runs until SIGTERM or until its standard input is closed.

let usage = """
    usage: test-servers [--mesh] [--blob] [--mesh-port PORT] [--blob-port PORT]
                        [--mailbox ID] [--password PASSWORD] [--shared-key KEY]
                        [--container NAME] [--on-disk]
                        [--messages COUNT] [--size BYTES] [--chunks COUNT] [--page-cap COUNT] [--keep-running]

    Without --mesh and --blob it starts both. Ports are chosen by the kernel unless they are given.
    --messages seeds the mailbox with messages of --size bytes (default 1024) in --chunks chunks (default 1).
    --on-disk keeps blobs in an unnamed file; --keep-running ignores the end of the standard input.

    """

do {
    let arguments = try CommandArguments(Array(CommandLine.arguments.dropFirst()))
    try runServers(arguments)
} catch {
    let text = Array("\(error)\n\(usage)".utf8)
    _ = write(STDERR_FILENO, text, text.count)
    exit(64)
}
