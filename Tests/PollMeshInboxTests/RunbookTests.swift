import Foundation
import Testing

@testable import PollMeshInbox

/// docs/operations.md has an entry for all that can go wrong, and for nothing that can't.
@Suite struct RunbookTests {
    /// Where names of `error.type` stand in the sources, and how.
    private static var places: [(path: String, pattern: Regex<(Substring, Substring)>)] {
        [
            ("", #/\btype: "([A-Za-z0-9_]+)"/#),
            ("", #/\.invalid\(\s*"([a-z0-9_]+)"/#),
            ("", #/"error\.type"\] = "([a-z_]+)"/#),
            ("Curl/CurlError+Explanation.swift", #/case \.\w+: "([a-z_]+)"/#),
            ("AzureBlob/StorageErrorRule.swift", #/"(\w+)": \.init\(/#),
            ("AzureBlob/Identity/EntraErrorRule.swift", #/"(AADSTS\d+)": \.init\(/#),
            ("AzureBlob/Identity/TokenFailures.swift", #/^ +"(no_\w+)",$/#.anchorsMatchLineEndings()),
            ("Curl/TLSFailure.swift", #/case \w+ = "(tls\w*)"/#),
            ("LocalDirectory/Failure+SystemError.swift", #/"(E[A-Z]+|not_a_[a-z]+|file_too_large)"/#),
        ]
    }
    /// Those that are made at run time, as the runbook writes them, and what makes them.
    private static let families: [(type: String, file: String, code: String)] = [
        ("http_*", "MESH/Failure+MESH.swift", #""http_\("#),
        ("http_*", "AzureBlob/AnswerClassifier.swift", #""http_\("#),
        ("curl_*", "Curl/CurlError+Explanation.swift", #""curl_\("#),
        ("errno_*", "LocalDirectory/Failure+SystemError.swift", #""errno_\("#),
        ("Lease*", "AzureBlob/StorageErrorRule.swift", #"hasPrefix("Lease")"#),
        ("AADSTS*", "AzureBlob/Identity/TokenAnswer.swift", #""AADSTS\("#),
        ("invalid_*", "AzureBlob/Identity/TokenAnswer.swift", "invalid_client"),
        ("token_http_*", "AzureBlob/Identity/TokenFailures.swift", #""token_http_\("#),
        ("EPL-*", "MESH/ErrorBody.swift", "EPL-151"),
    ]

    private func sources() throws -> [String: String] {
        let root = Document("Sources").path
        let files = try #require(FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
        var sources: [String: String] = [:]
        for case let file as URL in files where file.pathExtension == "swift" {
            let name = String(file.path().dropFirst(root.path().count).drop { $0 == "/" })
            sources[name] = try String(contentsOf: file, encoding: .utf8)
        }
        return sources
    }

    private func typesInCode() throws -> Set<String> {
        let sources = try sources()
        var types: Set<String> = []
        for (path, pattern) in Self.places {
            let found = sources.filter { $0.key.hasPrefix(path) }.flatMap { $0.value.matches(of: pattern) }
            #expect(!found.isEmpty, "\(path)")
            types.formUnion(found.map { String($0.output.1) })
        }
        for (type, file, code) in Self.families {
            #expect(sources[file]?.contains(code) == true, "\(type)")
            types.insert(type)
        }
        return types
    }

    @Test func everyErrorTypeHasAnEntryAndTheReverse() throws {
        let entries = try Document("docs/operations.md").codeInFirstCells()
        #expect(Set(entries).count == entries.count, "an error.type has two entries")
        let settings = Set(SettingCatalogue.names)
        let explained = Set(entries).subtracting(settings)
        let inCode = try typesInCode()
        #expect(inCode.subtracting(explained).sorted() == [], "these have no entry in docs/operations.md")
        #expect(explained.subtracting(inCode).sorted() == [], "these are not in the code")
    }

    @Test func everyExitStatusHasAnEntry() throws {
        let text = try Document("docs/operations.md").text
        let section = try #require(text.split(separator: "\n## ").first { $0.hasPrefix("By exit status") })
        let entries = section.split(separator: "\n").compactMap { line -> Int32? in
            line.hasPrefix("| ") ? Int32(line.dropFirst(2).prefix { $0.isNumber }) : nil
        }
        #expect(entries == PollMeshInbox.ExitStatus.allCases.map(\.rawValue))
    }

    @Test func everySecretCanBeRotated() throws {
        let text = try Document("docs/operations.md").text
        let section = try #require(text.split(separator: "\n## ").first { $0.hasPrefix("Rotate a secret") })
        // These are parts of, or go with, one that is named.
        let others: Set = ["MESH_CLIENT_KEY_PASSWORD", "AZURE_STORAGE_CONNECTION_STRING", "HTTPS_PROXY"]
        for setting in SettingCatalogue.all where setting.isSecret && !others.contains(setting.name) {
            #expect(section.contains(setting.name) || setting.name.hasPrefix("AZURE_CLIENT"), "\(setting.name)")
        }
    }

    /// Links to files of the project, and to headings within a document.
    @Test(arguments: [
        "README.md", "docs/operations.md", "docs/metrics.md", "docs/log-reference.md", "docs/data-protection.md",
    ])
    func linksLeadSomewhere(name: String) throws {
        let document = Document(name)
        let text = try document.text
        // Written by others, and not always there yet.
        let others = ["kubernetes.md", "containers.md", "performance.md", "azure-identity.md", "mesh-certificates.md"]
        for match in text.matches(of: #/\]\(([^)\s]+)\)/#) {
            let target = String(match.output.1)
            if target.hasPrefix("http") || others.contains(where: target.hasSuffix) { continue }
            if target.hasPrefix("#") {
                let headings = text.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
                    line.drop { $0 == "#" || $0 == " " }.lowercased().filter { $0.isLetter || $0.isNumber || $0 == " " }
                        .replacing(" ", with: "-")
                }
                #expect(headings.contains(String(target.dropFirst())), "\(target)")
            } else {
                let file = document.path.deletingLastPathComponent().appending(path: target).path()
                #expect(FileManager.default.fileExists(atPath: file), "\(target)")
            }
        }
    }
}
