import Foundation

/// The secrets among settings, in every form in which one could leak.
struct Secrets {
    private var forms: [(name: String, text: String)] = []

    init(of settings: [String: String]) {
        for (name, value) in settings {
            switch name {
            case "MESH_PASSWORD", "MESH_SHARED_KEY", "MESH_CLIENT_KEY_PASSWORD", "AZURE_CLIENT_SECRET",
                "IDENTITY_HEADER":
                add(name, value)
            case "AZURE_FEDERATED_TOKEN_FILE":
                let token =
                    FileManager.default.contents(atPath: value).map { String(decoding: $0, as: UTF8.self) } ?? ""
                add(name, token.trimmingCharacters(in: .newlines))
                // The signature is what makes it one.
                token.split(separator: ".").last.map { add(name, $0.trimmingCharacters(in: .newlines)) }
            case "MESH_CLIENT_KEY_FILE":
                let key = FileManager.default.contents(atPath: value).map { String(decoding: $0, as: UTF8.self) } ?? ""
                for line in key.split(separator: "\n") where !line.hasPrefix("-----") { add(name, String(line)) }
            case "AZURE_STORAGE_CONNECTION_STRING":
                for part in value.split(separator: ";") where part.hasPrefix("AccountKey=") {
                    add("AccountKey", String(part.dropFirst("AccountKey=".count)))
                }
                addSignature(value)
            case "AZURE_STORAGE_SAS_TOKEN": addSignature(value)
            default: break
            }
        }
    }

    /// The names of the secrets that a text shows.
    func found(in text: String) -> [String] {
        forms.filter { text.contains($0.text) }.map(\.name)
    }

    private mutating func addSignature(_ text: String) {
        let parts = text.split(whereSeparator: { "?&;".contains($0) })
        for part in parts where part.hasPrefix("sig=") {
            let encoded = String(part.dropFirst("sig=".count))
            add("sig", encoded)
            if let decoded = encoded.removingPercentEncoding { add("sig", decoded) }
        }
    }

    private mutating func add(_ name: String, _ secret: String) {
        // The sandbox's password is a word of the program's sentences.
        guard secret.count >= 4, secret != "password" else { return }
        let unreserved = CharacterSet(charactersIn: "-._~").union(.alphanumerics)
        let percent = secret.addingPercentEncoding(withAllowedCharacters: unreserved) ?? secret
        let json = secret.replacing("/", with: "\\/")
        let base64 = Data(secret.utf8).base64EncodedString()
        for form in Set([secret, percent, percent.lowercased(), json, base64]) { forms.append((name, form)) }
    }
}
