// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

// Strict settings, once for every target: Swift 6 mode, warnings are errors, imports and existentials are explicit.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

// Where no C library may be met, every unsafe pointer has to say so.
let memorySafe = strict + [.strictMemorySafety()]

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let toml = Target.Dependency.product(name: "TOMLKit", package: "TOMLKit")

let libraries: [Target] = [
    .systemLibrary(
        name: "COpenSSL",
        path: "Sources/CLibraries/COpenSSL",
        pkgConfig: "openssl",
        providers: [.apt(["libssl-dev"])]
    ),
    .systemLibrary(
        name: "CCurl",
        path: "Sources/CLibraries/CCurl",
        pkgConfig: "libcurl",
        providers: [.apt(["libcurl4-openssl-dev"])]
    ),
    .systemLibrary(
        name: "CPCSC",
        path: "Sources/CLibraries/CPCSC",
        pkgConfig: "libpcsclite",
        providers: [.apt(["libpcsclite-dev"])]
    ),
    .systemLibrary(name: "CLinux", path: "Sources/CLibraries/CLinux"),
    .systemLibrary(
        name: "CP11Kit",
        path: "Sources/CLibraries/CP11Kit",
        pkgConfig: "p11-kit-1",
        providers: [.apt(["libp11-kit-dev"])]
    ),
    .systemLibrary(
        name: "CPangoCairo",
        path: "Sources/CLibraries/CPangoCairo",
        pkgConfig: "pangocairo",
        providers: [.apt(["libpango1.0-dev"])]
    ),
    .systemLibrary(
        name: "CQRencode",
        path: "Sources/CLibraries/CQRencode",
        pkgConfig: "libqrencode",
        providers: [.apt(["libqrencode-dev"])]
    ),
]

let client: [Target] = [
    .target(name: "Credentials", swiftSettings: memorySafe),
    // Dispatch tables of a provider are arrays of function pointers with C signatures: they can only be written in C.
    .target(
        name: "ExternalKeyProvider",
        dependencies: ["COpenSSL"],
        cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror", "-fvisibility=hidden"])],
        linkerSettings: [.linkedLibrary("crypto")]
    ),
    .target(
        name: "OpenSSLKit",
        dependencies: ["Credentials", "COpenSSL", "ExternalKeyProvider"],
        swiftSettings: strict
    ),
    .target(
        name: "Token",
        dependencies: ["Credentials", "CLinux", "CP11Kit", "CPCSC"],
        resources: [.embedInCode("Devices/profiles.json")],
        swiftSettings: strict
    ),
    .target(name: "CSRBuilder", dependencies: ["Credentials", "OpenSSLKit", "COpenSSL"], swiftSettings: strict),
    .target(name: "CAClient", dependencies: ["Credentials", "OpenSSLKit", "CCurl"], swiftSettings: strict),
    .target(
        name: "Enrollment",
        dependencies: ["Credentials", "OpenSSLKit", "CSRBuilder", "CAClient", grdb],
        swiftSettings: memorySafe
    ),
    .executableTarget(
        name: "isignum-cli",
        dependencies: [
            "Credentials", "OpenSSLKit", "Token", "CSRBuilder", "CAClient", "Enrollment", "Paper", "CLinux",
            argumentParser,
            toml,
        ],
        swiftSettings: memorySafe
    ),
    .target(name: "Paper", swiftSettings: memorySafe),
    .executableTarget(
        name: "isignum-paper",
        dependencies: ["Paper", "CPangoCairo", "CQRencode"],
        swiftSettings: strict
    ),
]

// The other side of every story: a certification authority and a device, made of other parts than the client.
let counterparts: [Target] = [
    .target(
        name: "SimulatedDevice",
        dependencies: ["CP11Kit"],
        path: "Tests/SimulatedDevice",
        exclude: ["provision", "README.md"],
        cSettings: [.unsafeFlags(["-fvisibility=hidden"])]
    ),
    .target(
        name: "BrokenModules",
        dependencies: ["CP11Kit"],
        path: "Tests/BrokenModules",
        cSettings: [.unsafeFlags(["-fvisibility=hidden"])]
    ),
    .target(
        name: "SuddenEnd",
        path: "Tests/SuddenEnd",
        cSettings: [.unsafeFlags(["-fvisibility=hidden"])]
    ),
    .target(name: "VirtualCardLink", path: "Tests/VirtualCardLink"),
    .target(name: "VirtualReader", dependencies: ["CPCSC", "VirtualCardLink"], path: "Tests/VirtualReader"),
    .executableTarget(
        name: "virtual-card",
        dependencies: ["COpenSSL", "VirtualCardLink"],
        path: "Tests/VirtualCard",
        exclude: ["card-stack", "listen-and-run"],
        linkerSettings: [.linkedLibrary("crypto")]
    ),
    .target(
        name: "MockCA",
        dependencies: [
            .product(name: "Hummingbird", package: "hummingbird"),
            .product(name: "HummingbirdTLS", package: "hummingbird"),
            .product(name: "HummingbirdHTTP2", package: "hummingbird"),
            .product(name: "X509", package: "swift-certificates"),
            .product(name: "SwiftASN1", package: "swift-asn1"),
            .product(name: "Crypto", package: "swift-crypto"),
            .product(name: "_CryptoExtras", package: "swift-crypto"),
            .product(name: "HTTPTypes", package: "swift-http-types"),
            .product(name: "Logging", package: "swift-log"),
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
            .product(name: "NIOSSL", package: "swift-nio-ssl"),
            "CPangoCairo",
        ],
        path: "Tests/MockCA",
        swiftSettings: strict
    ),
    .executableTarget(
        name: "mock-ca",
        dependencies: ["MockCA", argumentParser],
        path: "Tests/mock-ca",
        swiftSettings: strict
    ),
    .target(name: "TestSupport", dependencies: [], path: "Tests/TestSupport", swiftSettings: strict),
]

let tests: [Target] = [
    .testTarget(name: "CredentialsTests", dependencies: ["Credentials"], swiftSettings: strict),
    .testTarget(
        name: "OpenSSLKitTests",
        dependencies: ["OpenSSLKit", "COpenSSL", "Credentials", "TestSupport"],
        exclude: ["seal-pkcs12"],
        swiftSettings: strict
    ),
    .testTarget(
        name: "TokenTests",
        dependencies: [
            "Token", "OpenSSLKit", "CSRBuilder", "CAClient", "SimulatedDevice", "VirtualReader", "virtual-card",
            "TestSupport",
        ],
        swiftSettings: strict
    ),
    .testTarget(
        name: "CSRBuilderTests",
        dependencies: ["CSRBuilder", "TestSupport"],
        exclude: ["Golden", "read-requests.py"],
        swiftSettings: strict
    ),
    .testTarget(
        name: "CAClientTests",
        dependencies: ["CAClient", "TestSupport"],
        exclude: ["hostile-server"],
        swiftSettings: strict
    ),
    .testTarget(
        name: "MockCATests",
        dependencies: ["MockCA", "mock-ca", "TestSupport"],
        exclude: ["signed_orders.py"],
        swiftSettings: strict
    ),
    .testTarget(
        name: "EnrollmentTests",
        dependencies: [
            "Enrollment", "isignum-cli", "mock-ca", "SimulatedDevice", "VirtualReader", "virtual-card", "TestSupport",
        ],
        swiftSettings: strict
    ),
    .testTarget(
        name: "CLITests",
        dependencies: [
            "isignum-cli", "CAClient", "CSRBuilder", "Credentials", "Enrollment", "OpenSSLKit", "mock-ca",
            "SimulatedDevice", "SuddenEnd", "TestSupport", "Paper", "isignum-paper", argumentParser,
        ],
        exclude: ["Transcripts", "converse"],
        swiftSettings: strict
    ),
]

let package = Package(
    name: "isignum",
    products: [
        .executable(name: "isignum", targets: ["isignum-cli"]),
        .executable(name: "isignum-paper", targets: ["isignum-paper"]),
        .executable(name: "mock-ca", targets: ["mock-ca"]),
        .executable(name: "virtual-card", targets: ["virtual-card"]),
        .library(name: "VirtualReader", type: .dynamic, targets: ["VirtualReader"]),
        .library(name: "SimulatedDevice", type: .dynamic, targets: ["SimulatedDevice"]),
        .library(name: "BrokenModules", type: .dynamic, targets: ["BrokenModules"]),
        .library(name: "SuddenEnd", type: .dynamic, targets: ["SuddenEnd"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", exact: "0.6.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
    ],
    targets: libraries + client + counterparts + tests
)

// `ISIGNUM_ONLY=Token swift test` builds one library with its tests and what they stand on: on a slow machine the
// certification authority under test alone takes minutes. Several names are separated by commas.
if let only = Context.environment["ISIGNUM_ONLY"], !only.isEmpty {
    let byName = Dictionary(uniqueKeysWithValues: package.targets.map { ($0.name, $0) })
    var wanted: Set<String> = []
    var open = only.split(separator: ",").flatMap { [String($0), "\($0)Tests"] }
    while let name = open.popLast() {
        guard let target = byName[name], wanted.insert(name).inserted else { continue }
        for case .byNameItem(let dependency, _) in target.dependencies { open.append(dependency) }
    }
    package.targets.removeAll { !wanted.contains($0.name) }
    package.products.removeAll { product in
        switch product {
        case let executable as Product.Executable: !wanted.isSuperset(of: executable.targets)
        case let library as Product.Library: !wanted.isSuperset(of: library.targets)
        default: false
        }
    }
}
