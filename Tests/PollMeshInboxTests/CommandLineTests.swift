import Testing

@testable import PollMeshInbox

@Suite struct CommandLineTests {
    private func read(_ arguments: String...) -> CommandLineReader.Result {
        CommandLineReader.read(arguments, libraries: "libcurl/1.2.3")
    }

    @Test func withoutArgumentsItPolls() {
        #expect(read() == .request(.job(.poll(dryRun: false))))
        #expect(read("--dry-run") == .request(.job(.poll(dryRun: true))))
    }

    @Test func commandsAskForWhatTheyAreNamedFor() {
        #expect(read("check") == .request(.job(.check)))
        #expect(read("settings") == .request(.listSettings(.text)))
        #expect(read("settings", "--format", "json") == .request(.listSettings(.json)))
        #expect(read("settings", "--format=markdown") == .request(.listSettings(.markdown)))
    }

    @Test(arguments: [
        ["chekc"], ["poll"], ["run"], ["--dryrun"], ["-x"], ["--dry-run", "check"], ["check", "--dry-run"],
        ["check", "x"],
        ["settings", "x"], ["settings", "--format"], ["settings", "--format", "xml"], ["--dry-run", "settings"],
        ["--dry-run=yes"], ["--", "x"], [""], ["--format", "json"], ["check", "settings"], ["help", "x"],
        ["help", "check", "x"], ["-"], ["--"], ["settings", "--format="],
    ])
    func whatIsNotUnderstoodIsMisuse(arguments: [String]) {
        guard case .misuse(let text) = CommandLineReader.read(arguments, libraries: "") else {
            Issue.record("\(arguments) was understood")
            return
        }
        #expect(text.hasPrefix("Error: "))
        #expect(text.contains("Usage: poll-mesh-inbox"))
    }

    @Test(arguments: [
        (["chekc"], "'check'"), (["setting"], "'settings'"), (["--dryrun"], "'--dry-run'"),
        (["settings", "--fromat", "json"], "'--format'"), (["--versoin"], "'--version'"),
    ])
    func aMisspellingIsMisuseWithAHint(arguments: [String], meant: String) {
        guard case .misuse(let text) = CommandLineReader.read(arguments, libraries: "") else {
            Issue.record("\(arguments) was understood")
            return
        }
        #expect(text.contains("Did you mean \(meant)?"))
    }

    @Test func whatIsNotUnderstoodSaysWhereTheHelpIs() {
        #expect(
            read("settings", "--format", "xml")
                == .misuse(
                    """
                    Error: 'xml' is no value of '--format', which takes one of text, json, markdown.
                    Usage: poll-mesh-inbox settings [--format <format>]
                      See 'poll-mesh-inbox settings --help' for more information.
                    """
                )
        )
    }

    @Test(arguments: [["--version"], ["check", "--version"], ["settings", "--version"]])
    func theVersionNamesTheLibraries(arguments: [String]) {
        let result = CommandLineReader.read(arguments, libraries: "libcurl/1.2.3")
        #expect(result == .answer("poll-mesh-inbox \(Product.version)\nlibcurl/1.2.3"))
    }

    @Test(arguments: [["--help"], ["-h"], ["help"], ["--dry-run", "--help"]])
    func helpShowsEverythingThereIs(arguments: [String]) {
        guard case .answer(let text) = CommandLineReader.read(arguments, libraries: "") else {
            Issue.record("no help")
            return
        }
        for word in ["--dry-run", "--version", "check", "settings", "64", "65", "69", "70", "75", "77", "78", "143"] {
            #expect(text.contains(word), "\(word)")
        }
    }

    @Test(arguments: [["check", "--help"], ["help", "check"]])
    func aCommandHasHelpOfItsOwn(arguments: [String]) {
        guard case .answer(let text) = CommandLineReader.read(arguments, libraries: "") else {
            Issue.record("no help")
            return
        }
        #expect(text.contains("USAGE: poll-mesh-inbox check"))
    }
}
