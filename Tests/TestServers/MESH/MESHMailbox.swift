/// A mailbox of the strict MESH server and what its owner signs with.
package struct MESHMailbox: Sendable {
    /// Upper-case, as it stands in the token.
    package var id: String
    package var password: String
    package var sharedKey: String
    /// The name in the token, where it is not the id.
    package var username: String

    /// - Parameter username: nil for the id itself.
    package init(
        id: String = "X26ABC1",
        password: String = "password",
        sharedKey: String = "TestKey",
        username: String? = nil
    ) {
        self.id = id
        self.password = password
        self.sharedKey = sharedKey
        self.username = username ?? id
    }
}
