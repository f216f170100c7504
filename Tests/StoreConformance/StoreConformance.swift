package import Transfer

/// A kind of container that is tested, empty at first.
package protocol StoreUnderTest: Sendable {
    /// Another client of the one container.
    func open() async throws -> any BlobStore

    /// The content of a blob, read past the store that wrote it.
    /// - Returns: `nil` when no consumer sees such a blob.
    func content(of name: BlobName) async throws -> [UInt8]?

    /// The names of all blobs that consumers see.
    func names() async throws -> [String]
}

/// One rule that every ``BlobStore`` keeps.
///
/// A backend's tests run them all, each against a container of its own:
/// ```
/// @Test(arguments: StoreConformance.cases)
/// func keeps(_ rule: StoreConformance) async throws {
///     try await rule.check(Container())
/// }
/// ```
package struct StoreConformance: Sendable, CustomStringConvertible {
    package let description: String
    private let body: @Sendable (any StoreUnderTest) async throws -> Void

    init(_ description: String, _ body: @escaping @Sendable (any StoreUnderTest) async throws -> Void) {
        self.description = description
        self.body = body
    }

    /// - Throws: ``Violation`` where the rule is broken, and every failure that the rule did not ask for.
    package func check(_ container: any StoreUnderTest) async throws {
        try await body(container)
    }

    /// All rules.
    package static let cases: [StoreConformance] = preparing + creating + naming + staging + racing
}

/// What a store did that it must not.
package struct Violation: Error, CustomStringConvertible {
    package let description: String
}

func require(_ condition: Bool, _ sentence: @autoclosure () -> String) throws(Violation) {
    if !condition { throw Violation(description: sentence()) }
}

/// Checks that the work fails, and why.
func requireFailure(
    _ kind: Failure.Kind,
    _ work: () async throws(Failure) -> Void
) async throws(Violation) {
    guard let failure = await failure(of: work) else { throw Violation(description: "Did not fail with \(kind).") }
    try require(failure.kind == kind, "Failed with \(failure.kind), not \(kind): \(failure)")
}
