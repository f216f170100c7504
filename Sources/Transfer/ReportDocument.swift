/// The content of a report's blob: a JSON object of its `Mex-` headers, sorted by name.
package enum ReportDocument {
    package static func make(_ attributes: MessageAttributes) -> [UInt8] {
        var json: [UInt8] = Array("{".utf8)
        for (index, name) in attributes.values.keys.sorted().enumerated() {
            if index > 0 { json.append(UInt8(ascii: ",")) }
            JSONText.append("mex-\(name)", to: &json)
            json.append(UInt8(ascii: ":"))
            JSONText.append(attributes.values[name]!, to: &json)
        }
        json.append(contentsOf: "}\n".utf8)
        return json
    }
}
