import Foundation
import ProgramFixture
import Testing

/// TLS in front of a server without it, as long as a closure runs.
/// - Parameters:
///   - certificate: the name of a certificate of `make_certificates.py` that it shows.
///   - run: gets the port, at localhost.
func withTLSFront(
    _ certificate: String,
    of folder: TemporaryFolder,
    port: Int,
    isMutual: Bool = false,
    run: (Int) async throws -> Void
) async throws {
    let input = Pipe()
    let output = Pipe()
    let process = Process()
    process.executableURL = URL(filePath: try Place.python())
    let files = [folder.file("\(certificate).pem"), folder.file("\(certificate).key")]
    process.arguments =
        [Place.script("tls_front.py")] + files + ["\(port)"] + (isMutual ? [folder.file("ca.pem")] : [])
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    defer {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
    let line = try await ChildProcess.onThread { [reading = output.fileHandleForReading] in
        var line: [UInt8] = []
        while line.last != UInt8(ascii: "\n"), case let more = reading.availableData, !more.isEmpty { line += more }
        return String(decoding: line.dropLast(), as: UTF8.self)
    }
    try await run(#require(Int(line), "tls_front.py did not start"))
}

/// The certificates of `make_certificates.py`, made anew.
func makeCertificates() async throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    _ = try await Python.run("make_certificates.py", [folder.path, Sandbox.keyPassword], as: Bool.self)
    return folder
}
