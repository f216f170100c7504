/// What this program calls itself.
package enum Product {
    package static let name = "poll-mesh-inbox"
    package static let version = "0.1.0"
}
