extension HTTPServer {
    /// Header fields in the order of the wire, with their values as raw bytes.
    package struct Headers: Sendable, ExpressibleByDictionaryLiteral {
        package struct Field: Sendable {
            package let name: String
            package let value: [UInt8]
            let key: String

            /// A field whose value is sent or was received as exactly these bytes, e.g. Latin-1.
            package init(_ name: String, bytes value: [UInt8]) {
                self.name = name
                self.value = value
                self.key = name.lowercased()
            }

            /// A field with a value in UTF-8.
            package init(_ name: String, _ value: String) {
                self.init(name, bytes: utf8(value))
            }

            /// The value as UTF-8; bytes that are none become U+FFFD.
            package var text: String { String(decoding: value, as: UTF8.self) }
        }

        package private(set) var fields: [Field]

        package init(_ fields: [Field] = []) {
            self.fields = fields
        }

        package init(dictionaryLiteral elements: (String, String)...) {
            self.init(elements.map { Field($0, $1) })
        }

        /// The first value of a field, nil without one; set replaces all values of the field, or removes the field.
        package subscript(name: String) -> String? {
            get { first(name)?.text }
            set {
                remove(name)
                if let newValue { fields.append(Field(name, newValue)) }
            }
        }

        /// The raw bytes of the first value of a field.
        package func bytes(_ name: String) -> [UInt8]? { first(name)?.value }

        /// All values of a field.
        package func values(_ name: String) -> [String] {
            let key = name.lowercased()
            return fields.compactMap { $0.key == key ? $0.text : nil }
        }

        package mutating func append(_ field: Field) {
            fields.append(field)
        }

        package mutating func append(_ name: String, _ value: String) {
            fields.append(Field(name, value))
        }

        package mutating func remove(_ name: String) {
            let key = name.lowercased()
            fields.removeAll { $0.key == key }
        }

        private func first(_ name: String) -> Field? {
            let key = name.lowercased()
            for field in fields where field.key == key { return field }
            return nil
        }
    }
}
