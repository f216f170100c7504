import Foundation
import ProgramFixture

/// The scripts beside the tests: official clients, so that nothing of the project proves itself.
enum Python {
    /// Runs a script to its end and reads the JSON that it prints.
    static func run<Answer: Decodable>(
        _ script: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        as type: Answer.Type = Answer.self
    ) async throws -> Answer {
        let folder = TemporaryFolder()
        var environment = environment
        // An emulator with TLS has a certificate of its own.
        environment["REQUESTS_CA_BUNDLE"] = Place.variable("SSL_CERT_FILE")
        let ending = try await ChildProcess.run(
            [try Place.python(), Place.script(script)] + arguments,
            environment: environment,
            output: folder.file("stdout"),
            errorOutput: folder.file("stderr"),
            limit: .seconds(120)
        )
        guard ending.status == 0 else {
            throw Missing("\(script) \(arguments.joined(separator: " ")) failed: \(folder.text(of: "stderr") ?? "")")
        }
        return try JSONDecoder().decode(type, from: Data((folder.text(of: "stdout") ?? "").utf8))
    }
}
