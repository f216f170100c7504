import Foundation
import ProgramFixture

extension Place {
    /// A file beside the tests.
    static func script(_ name: String) -> String { "\(root)/Tests/IntegrationTests/\(name)" }
}
