// SPDX-License-Identifier: Apache-2.0

internal import Credentials

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The device profiles that are built in, most particular first.
struct DeviceCatalogue: Decodable, Sendable {
    let profiles: [DeviceProfile]

    /// The profiles of `profiles.json`. Were it unreadable, every device would be unknown and none qualified.
    static let builtIn: DeviceCatalogue = {
        let data = Data(PackageResources.profiles_json)
        return (try? JSONDecoder().decode(DeviceCatalogue.self, from: data)) ?? DeviceCatalogue(profiles: [])
    }()

    /// The profile of a token as its module shows it.
    func profile(for token: TokenIdentity, moduleFile: String) -> DeviceProfile {
        profiles.first { $0.match.fits(token, moduleFile: moduleFile) } ?? .unknown
    }
}

extension DeviceProfile.Match {
    /// Whether everything that the profile gives fits, and at least something is given.
    fileprivate func fits(_ token: TokenIdentity, moduleFile path: String) -> Bool {
        var given = false
        if let manufacturer {
            guard token.manufacturer == manufacturer else { return false }
            given = true
        }
        if let model {
            guard token.model == model else { return false }
            given = true
        }
        if let moduleFile {
            guard (path.split(separator: "/").last ?? "").hasPrefix(moduleFile) else { return false }
            given = true
        }
        return given
    }
}
