// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")

let package = Package(
    name: "poll-mesh-inbox",
    products: [
        .executable(name: "poll-mesh-inbox", targets: ["poll-mesh-inbox"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0", traits: []),
    ],
    targets: [
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CCarryless"),
        .target(name: "Blocks", swiftSettings: settings),
        .target(name: "Digests", dependencies: ["CCarryless", "COpenSSL"], swiftSettings: settings),
        .target(name: "Curl", dependencies: ["CCurl", "Blocks", httpTypes], swiftSettings: settings),
        .target(name: "Transfer", dependencies: ["Blocks", "Digests", logging], swiftSettings: settings),
        .target(
            name: "MESH",
            dependencies: ["Blocks", "Curl", "CZlib", "Digests", "Transfer", httpTypes],
            swiftSettings: settings
        ),
        .target(
            name: "AzureBlob",
            dependencies: ["Blocks", "Curl", "Digests", "Transfer", httpTypes],
            swiftSettings: settings
        ),
        .target(name: "LocalDirectory", dependencies: ["Blocks", "CLinux", "Transfer"], swiftSettings: settings),
        .target(name: "Telemetry", dependencies: ["Curl", "Transfer", httpTypes], swiftSettings: settings),
        .target(
            name: "PollMeshInbox",
            dependencies: [
                "AzureBlob", "Blocks", "Curl", "Digests", "LocalDirectory", "MESH", "Telemetry", "Transfer",
                logging,
            ],
            swiftSettings: settings
        ),
        .executableTarget(name: "poll-mesh-inbox", dependencies: ["PollMeshInbox"], swiftSettings: settings),
        .target(
            name: "TestServers",
            dependencies: ["COpenSSL"],
            path: "Tests/TestServers",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "test-servers",
            dependencies: ["TestServers"],
            path: "Tests/TestServersCommand",
            swiftSettings: settings
        ),
        .target(
            name: "StoreConformance",
            dependencies: ["Blocks", "Transfer"],
            path: "Tests/StoreConformance",
            swiftSettings: settings
        ),
        .target(
            name: "ProgramFixture",
            dependencies: ["CZlib"],
            path: "Tests/ProgramFixture",
            swiftSettings: settings
        ),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "AzureBlob", "Blocks", "Curl", "Digests", "LocalDirectory", "MESH", "PollMeshInbox", "ProgramFixture",
                "Transfer", httpTypes,
            ],
            path: "Tests/FuzzTargets",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "fuzz",
            dependencies: ["FuzzTargets"],
            path: "Tests/FuzzCommand",
            swiftSettings: settings
        ),
        .testTarget(name: "BlocksTests", dependencies: ["Blocks"], swiftSettings: settings),
        .testTarget(name: "DigestsTests", dependencies: ["Digests", "ProgramFixture"], swiftSettings: settings),
        .testTarget(
            name: "CurlTests",
            dependencies: ["Blocks", "Curl", "TestServers", httpTypes],
            swiftSettings: settings
        ),
        .testTarget(
            name: "TransferTests",
            dependencies: ["Blocks", "Digests", "Transfer", logging],
            swiftSettings: settings
        ),
        .testTarget(
            name: "MESHTests",
            dependencies: [
                "Blocks", "Curl", "Digests", "MESH", "ProgramFixture", "TestServers", "Transfer", httpTypes,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "AzureBlobTests",
            dependencies: [
                "AzureBlob", "Blocks", "Curl", "Digests", "StoreConformance", "TestServers", "Transfer", httpTypes,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "LocalDirectoryTests",
            dependencies: ["Blocks", "LocalDirectory", "ProgramFixture", "StoreConformance", "Transfer"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PollMeshInboxTests",
            dependencies: [
                "AzureBlob", "Blocks", "Curl", "PollMeshInbox", "ProgramFixture", "Telemetry", "Transfer", logging,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "TestServersTests",
            dependencies: ["TestServers"],
            exclude: ["azure_sdk_proof.py", "mesh_client_proof.py"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "FaultTests",
            dependencies: ["FuzzTargets", "ProgramFixture", "TestServers"],
            exclude: ["kill_at_call.c", "sandbox_inbox.py"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "IntegrationTests",
            dependencies: ["ProgramFixture", "TestServers"],
            exclude: [
                "Golden", "make_certificates.py", "otlp_metrics.py", "peak_memory.py", "sandbox_messages.py",
                "stored_contents.py", "tls_front.py", "unread_pipe.py", "without_metadata_service.py",
            ],
            swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6]
)
