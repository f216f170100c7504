import Foundation
import Testing

/// docs/reliability.md has a table of what went wrong elsewhere: 30 numbered cases, each with the tests that show that it
/// does not happen here. A test is of a case by its display name, `Case 4: …`.
@Suite struct ReliabilityTests {
    private struct CaseTest: Hashable {
        var number: Int
        /// `Suite.function`, the suite being the file's name.
        var name: String
    }

    private static let numbers = 1...30

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The tests whose display names say a number.
    private static let found: [CaseTest] = {
        let tests = root.appending(path: "Tests").path()
        let files = FileManager.default.enumerator(atPath: tests)?.compactMap { $0 as? String } ?? []
        let attribute = /@Test\(\s*"Case (\d+): [^"]+"(?s:.*?)\bfunc (\w+)\(/
        return files.filter { $0.hasSuffix("Tests.swift") }.flatMap { file in
            let source = FileManager.default.contents(atPath: "\(tests)/\(file)") ?? Data()
            let suite = file.split(separator: "/").last?.dropLast(".swift".count) ?? ""
            return String(decoding: source, as: UTF8.self).matches(of: attribute).compactMap { match in
                Int(match.1).map { CaseTest(number: $0, name: "\(suite).\(match.2)") }
            }
        }
    }()

    /// The rows of the table: `| number | what went wrong | tests |`.
    private static func documented() throws -> [CaseTest] {
        let document = try String(contentsOf: root.appending(path: "docs/reliability.md"), encoding: .utf8)
        return document.matches(of: /(?m)^\| (\d+) \| [^|]+ \| ([^|]+) \|$/).flatMap { row in
            row.2.matches(of: /`(\w+\.\w+)`/).compactMap { test in
                Int(row.1).map { CaseTest(number: $0, name: String(test.1)) }
            }
        }
    }

    @Test(arguments: numbers)
    func everyCaseHasATest(number: Int) {
        let tests = Self.found.filter { $0.number == number }
        #expect(!tests.isEmpty)
    }

    @Test func noTestIsOfACaseThatDoesNotExist() {
        #expect(Self.found.allSatisfy { Self.numbers.contains($0.number) })
    }

    @Test func theTableNamesTheTestsOfEachCase() throws {
        let documented = Set(try Self.documented())
        #expect(documented.subtracting(Self.found) == [], "in docs/reliability.md and not in Tests")
        #expect(Set(Self.found).subtracting(documented) == [], "in Tests and not in docs/reliability.md")
    }
}
