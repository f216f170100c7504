import Foundation

/// docs/log-reference.md, as its reader takes it: what lines there are, and what stands in them.
package struct LogReference: Sendable {
    private struct Sentence {
        var level: String
        var fields: Set<String>
    }

    private var sentences: [String: Sentence] = [:]
    private var common: Set<String> = []
    private var types: [String: String] = [:]

    /// That of the project.
    package static let shared = try! LogReference(
        String(contentsOfFile: "\(Place.root)/docs/log-reference.md", encoding: .utf8)
    )

    init(_ document: String) {
        var heading = ""
        var failure: Set<String> = []
        var withFailure: [String] = []
        for line in document.split(separator: "\n") {
            if line.hasPrefix("## ") { heading = String(line.dropFirst(3)) }
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard line.hasPrefix("| "), cells.count >= 3, cells[1] != "`msg`", cells[0] != "field" else { continue }
            if heading == "Lines" {
                let names = cells.count > 3 ? cells[3].split(separator: ", ").map(String.init) : []
                if names.contains("*failure*") { withFailure.append(cells[1]) }
                let own = names.filter { $0 != "*failure*" }.map { $0.trimmingCharacters(in: ["`"]) }
                sentences[cells[1]] = Sentence(level: cells[0], fields: Set(own))
            } else {
                let name = cells[0].trimmingCharacters(in: ["`"])
                types[name] = cells[1]
                if heading == "On every line" { common.insert(name) }
                if heading == "Fields of a failure" { failure.insert(name) }
            }
        }
        for text in withFailure { sentences[text]?.fields.formUnion(failure) }
    }

    /// What the reference does not say of a line of the log; nothing, if all is well.
    package func complaints(about line: String) -> [String] {
        guard let object = try? JSONDecoder().decode([String: JSONLine.Value].self, from: Data(line.utf8)) else {
            return ["it is no JSON object: \(line)"]
        }
        guard case .text(let text) = object["msg"], let sentence = sentences[text] else {
            return ["its sentence is not in the reference: \(line)"]
        }
        var complaints: [String] = []
        if sentence.level != "any", object["level"] != .text(sentence.level), text != "check finished" {
            complaints.append("its level is not \(sentence.level): \(line)")
        }
        for name in common where object[name] == nil { complaints.append("it lacks \(name): \(line)") }
        for (name, value) in object {
            if !common.contains(name), !sentence.fields.contains(name) {
                complaints.append("\(name) is not a field of it: \(line)")
            } else if types[name] != Self.type(of: value) {
                complaints.append("\(name) is not \(types[name] ?? "explained"): \(line)")
            }
        }
        return complaints
    }

    private static func type(of value: JSONLine.Value) -> String {
        switch value {
        case .text: "text"
        case .number: "number"
        case .list: "list of texts"
        case .flag, .object, .null: "something else"
        }
    }
}
