import Transfer

/// All settings as users read them.
package enum SettingsListing {
    package enum Format: String, Sendable, CaseIterable {
        case text
        case json
        /// The table in the README.
        case markdown
    }

    /// The list, with a line feed at its end.
    package static func render(_ settings: [Setting] = SettingCatalogue.all, as format: Format) -> String {
        switch format {
        case .text: text(settings)
        case .json: json(settings)
        case .markdown: markdown(settings)
        }
    }

    private static func text(_ settings: [Setting]) -> String {
        settings.map { setting in
            let secret = setting.isSecret ? "  (secret)" : ""
            let value = setting.defaultText.map { "\n    Default: \($0)" } ?? ""
            return "\(setting.name)\(secret)\n    \(setting.meaning)\n    Value: \(setting.expected)\(value)\n"
        }.joined(separator: "\n")
    }

    private static func json(_ settings: [Setting]) -> String {
        let objects = settings.map { setting in
            var bytes = Array("  {\"name\":".utf8)
            JSONText.append(setting.name, to: &bytes)
            bytes += ",\"meaning\":".utf8
            JSONText.append(setting.meaning, to: &bytes)
            bytes += ",\"expected\":".utf8
            JSONText.append(setting.expected, to: &bytes)
            bytes += ",\"default\":".utf8
            if let text = setting.defaultText {
                JSONText.append(text, to: &bytes)
            } else {
                bytes += "null".utf8
            }
            bytes += ",\"secret\":\(setting.isSecret)}".utf8
            return String(decoding: bytes, as: UTF8.self)
        }
        return "[\n\(objects.joined(separator: ",\n"))\n]\n"
    }

    private static func markdown(_ settings: [Setting]) -> String {
        let rows = settings.map { setting in
            let secret = setting.isSecret ? "*Secret.* " : ""
            return "| `\(setting.name)` | \(cell(setting.defaultText ?? "")) | \(secret)\(cell(setting.meaning)) |\n"
        }
        return "| setting | default | meaning |\n|---|---|---|\n\(rows.joined())"
    }

    private static func cell(_ text: String) -> String {
        text.reduce(into: "") { cell, character in
            if "|*<>\\".contains(character) {
                cell.append("\\")
            }
            cell.append(character)
        }
    }
}
