import Foundation
import Testing

@testable import PollMeshInbox

@Suite struct SettingsListingTests {
    @Test func jsonHasEverySettingWithItsMeaningDefaultAndSecrecy() throws {
        let text = SettingsListing.render(as: .json)
        let list = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
        #expect(list.map { $0["name"] as? String } == SettingCatalogue.names)
        for (object, setting) in zip(list, SettingCatalogue.all) {
            #expect(object["meaning"] as? String == setting.meaning)
            #expect(object["expected"] as? String == setting.expected)
            #expect(object["default"] as? String == setting.defaultText)
            #expect(object["secret"] as? Bool == setting.isSecret)
            #expect(object.count == 5)
        }
    }

    @Test func textHasThemTooAndOneLineEach() {
        let text = SettingsListing.render(as: .text)
        for setting in SettingCatalogue.all {
            #expect(text.contains("\(setting.name)\(setting.isSecret ? "  (secret)" : "")\n    \(setting.meaning)\n"))
        }
        #expect(text.contains("    Default: mesh-messages\n"))
    }

    @Test func markdownHasOneRowEachAndNothingBreaksIt() {
        let lines = SettingsListing.render(as: .markdown).split(separator: "\n")
        #expect(lines.count == SettingCatalogue.all.count + 2)
        for line in lines {
            #expect(line.replacing("\\|", with: "").split(separator: "|").count == 3, "\(line)")
        }
    }

    @Test func theCatalogueIsInOrder() {
        #expect(Set(SettingCatalogue.names).count == SettingCatalogue.names.count)
        for setting in SettingCatalogue.all {
            #expect(setting.name.allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber || $0 == "_") })
            #expect(setting.meaning.hasSuffix("."))
            #expect(!setting.expected.hasSuffix("."))
            #expect(!(setting.isSecret && setting.isQuotable))
        }
        let secrets = SettingCatalogue.all.filter(\.isSecret).map(\.name)
        #expect(
            secrets == [
                "MESH_PASSWORD", "MESH_SHARED_KEY", "MESH_CLIENT_KEY", "MESH_CLIENT_KEY_PASSWORD",
                "AZURE_STORAGE_CONNECTION_STRING", "AZURE_STORAGE_SAS_TOKEN", "AZURE_CLIENT_SECRET",
                "IDENTITY_HEADER", "HTTPS_PROXY",
                "OTEL_EXPORTER_OTLP_HEADERS",
            ]
        )
    }
}
