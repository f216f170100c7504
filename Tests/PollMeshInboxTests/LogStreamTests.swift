import Logging
import ProgramFixture
import Testing

@testable import PollMeshInbox

@Suite struct LogStreamTests {
    private func stream(_ output: OutputFile, secrets: [String] = [], format: LogFormat = .json) -> LogStream {
        LogStream(
            format: format,
            redactor: Redactor(secrets.map(Secret.init)),
            writer: LineWriter(descriptor: output.descriptor),
            now: { LogFormatTests.time }
        )
    }

    @Test func whatIsBelowTheLevelIsNotWritten() throws {
        let output = OutputFile()
        let logger = stream(output).logger(level: .warning)
        logger.info("no")
        logger.warning("yes")
        #expect(output.lines.count == 1)
        #expect(try JSONLine(output.text)["level"] == "WARNING")
    }

    @Test func theStatementsOwnFieldsWinOverTheLoggersOverTheProviders() throws {
        let output = OutputFile()
        var logger = Logger(label: "x") { _ in
            var handler = StreamHandler(stream: stream(output), logLevel: .info)
            handler.metadataProvider = Logger.MetadataProvider { ["a": "provider", "b": "provider", "c": "provider"] }
            return handler
        }
        logger[metadataKey: "a"] = "logger"
        logger[metadataKey: "b"] = "logger"
        logger.info("x", metadata: ["a": "statement"])
        let object = try JSONLine(output.text)
        #expect(object["a"] == "statement")
        #expect(object["b"] == "logger")
        #expect(object["c"] == "provider")
        #expect(logger[metadataKey: "b"] == "logger")
    }

    @Test func aLoggersFieldsAreItsOwn() {
        let output = OutputFile()
        let logger = stream(output).logger(level: .info)
        var copy = logger
        copy[metadataKey: "a"] = "copy"
        copy.logLevel = .trace
        logger.info("x")
        #expect(!output.text.contains("copy"))
        #expect(logger.logLevel == .info)
    }

    @Test func anErrorBecomesTwoFields() throws {
        struct Broken: Error, CustomStringConvertible {
            let description = "it broke"
        }
        let output = OutputFile()
        stream(output).logger(level: .info).error("x", error: Broken())
        let object = try JSONLine(output.text)
        #expect(object["error.type"] == "Broken")
        #expect(object["error.message"] == "it broke")
    }

    @Test(arguments: LogFormat.allCases)
    func secretsAreReplacedWhereverTheyStand(format: LogFormat) throws {
        let output = OutputFile()
        let secret = "hu\"sh/h\\ush=é\u{1}"
        let logger = stream(output, secrets: [secret, "42424242"], format: format).logger(level: .info)
        logger.info(
            "said \(secret)",
            metadata: [
                "value": "a\(secret)b", secret: "name", "list": ["x", "\(secret)"],
                "number": .stringConvertible(42_424_242),
                "object": ["inner": .array([["k": "\(secret)"]])],
            ]
        )
        #expect(!output.text.contains("ush"))
        if format == .json {
            let object = try JSONLine(output.text)
            #expect(object["msg"] == "said ***")
            #expect(object["value"] == "a***b")
            #expect(object["***"] == "name")
            #expect(object[list: "list"] == [.text("x"), .text("***")])
            #expect(object[number: "number"] == 42_424_242)
        }
    }

    @Test func aSecretThatLooksLikeTheLineItselfLeavesItWhole() throws {
        let output = OutputFile()
        let secrets = [#""level""#, "2024", "INFO", "time", #"":""#, "true"]
        stream(output, secrets: secrets).logger(level: .info).info("x", metadata: ["b": .stringConvertible(true)])
        let object = try JSONLine(output.text)
        #expect(object["level"] == "INFO")
        #expect(object["time"] == "2024-01-15T14:30:45.123Z")
        #expect(object[flag: "b"] == true)
    }
}
