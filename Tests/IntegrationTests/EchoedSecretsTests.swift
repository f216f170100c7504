import Foundation
import ProgramFixture
import TestServers
import Testing

/// A server that repeats a secret, whole or where a text is cut, puts no part of it into the log.
@Suite(.timeLimit(.minutes(5))) struct EchoedSecretsTests {
    /// How many characters stand before the secret: whoever cuts a text first and looks for secrets then may cut one.
    private static let offsets = [0, 151, 185, 240, 50_000]

    private static let message = MESHMessage("ABC0001", text: "content")

    /// Expects that no line shows ten characters of a secret, and that no line is endless.
    private func expectNothing(
        of secrets: [String],
        in run: JobRun,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for line in run.lines {
            #expect(line.source.utf8.count < 16_384, sourceLocation: sourceLocation)
            // As JSON has it, and as it was.
            let text = line.source.replacing("\\/", with: "/")
            for secret in secrets {
                let characters = Array(secret)
                for start in 0...(characters.count - 10) {
                    let part = String(characters[start..<start + 10])
                    #expect(!text.contains(part), "\(line.source.prefix(2000))", sourceLocation: sourceLocation)
                    if text.contains(part) { return }
                }
            }
        }
    }

    @Test(arguments: Lie.Place.allCases, offsets)
    func secretsOfTheMailboxStayOut(place: Lie.Place, offset: Int) async throws {
        let secrets = [Scene.mailbox.password, Scene.mailbox.sharedKey]
        for kind in [RequestKind.handshake, .download] {
            for (status, secret) in zip([403, 500], secrets) {
                try await withScene([Self.message]) { scene in
                    scene.mesh.http.setFault { request in
                        request.isA(kind) ? .lie(.echo(secret, status, in: place, behind: offset)) : nil
                    }
                    let run = try await scene.run([], ["RETRY_ATTEMPTS": "2", "LOG_LEVEL": "trace"])
                    #expect(run.status != 0)
                    expectNothing(of: secrets, in: run)
                }
            }
        }
    }

    @Test(arguments: Lie.Place.allCases, offsets)
    func theKeyOfTheAccountStaysOut(place: Lie.Place, offset: Int) async throws {
        for kind in [RequestKind.takeLease, .putBlob] {
            try await withScene([Self.message]) { scene in
                let key = StrictBlobServer.emulatorKey
                scene.store.http.setFault { request in
                    guard request.isA(kind) else { return nil }
                    let lie = Lie.echo(key, 403, in: place, behind: offset)
                    return .lie(lie.and(.field("x-ms-error-code", "AuthorizationFailure")).and(.errorOfStorage))
                }
                let run = try await scene.run([], ["RETRY_ATTEMPTS": "2", "LOG_LEVEL": "trace"])
                #expect(run.status != 0)
                expectNothing(of: [key], in: run)
            }
        }
    }

    @Test(arguments: Lie.Place.allCases, offsets)
    func theSecretOfTheApplicationStaysOut(place: Lie.Place, offset: Int) async throws {
        try await withIdentity([Self.message]) { scene, tokens in
            var changes = try scene.settings(.clientSecret, tokens)
            let secret = "An0ther~secret+with/signs=="
            changes["AZURE_CLIENT_SECRET"] = secret
            changes["LOG_LEVEL"] = "trace"
            tokens.http.setFault { _ in .lie(.echo(secret, 401, in: place, behind: offset)) }
            let run = try await scene.run([], changes)
            #expect(run.status != 0)
            expectNothing(of: [secret], in: run)
        }
    }

    /// Nobody has set it: it comes from a server, and another one repeats it.
    @Test(arguments: Lie.Place.allCases, offsets) func aTokenStaysOut(place: Lie.Place, offset: Int) async throws {
        try await withIdentity([Self.message]) { scene, tokens in
            scene.store.http.setFault { request in
                request.isA(.putBlob) ? .lie(.echoOfRequest(403, in: place, behind: offset)) : nil
            }
            var changes = try scene.settings(.clientSecret, tokens)
            changes["LOG_LEVEL"] = "trace"
            let run = try await scene.run([], changes)
            #expect(run.status != 0)
            // The head of every token is the same, and no secret.
            let secrets = tokens.issued.all.map { String($0.drop { $0 != "." }) }
            #expect(!secrets.isEmpty)
            expectNothing(of: secrets, in: run)
        }
    }

    /// Letters that turn the direction of a line, or end one, show an operator something else than what is there.
    @Test(arguments: ["\u{202E}", "\u{2028}", "\u{2029}", "\u{2066}", "\u{0085}", "\u{200F}", "\u{001B}[2J"])
    func lettersThatDeceiveAreEscaped(letter: String) async throws {
        try await withScene([Self.message]) { scene in
            let lie = Lie.echo("before\(letter)after", 403)
            scene.mesh.http.setFault { $0.isA(.handshake) ? .lie(lie) : nil }
            let run = try await scene.run()
            #expect(run.status != 0)
            #expect(!run.lines.contains { $0.source.contains(letter) })
            let text = try await Program().command([], scene.settings.merging(["LOG_FORMAT": "text"]) { $1 })
            #expect(!text.output.contains(letter))
        }
    }
}

extension Lie {
    /// The words of the answer before it, in the form of storage's own errors.
    fileprivate static let errorOfStorage = changing("an error of storage") { response in
        let words = String(decoding: response.body.contents, as: UTF8.self).replacing("<", with: "").replacing(
            "&",
            with: ""
        )
        response.body = .text(
            "<?xml version=\"1.0\"?><Error><Code>AuthorizationFailure</Code><Message>\(words)</Message></Error>"
        )
    }
}
