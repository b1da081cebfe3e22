// SPDX-License-Identifier: Apache-2.0

internal import Credentials

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The device profiles that are known: those of a user before those that are built in, most particular first
/// (docs/profiles.md).
public struct DeviceCatalogue: Sendable {
    /// The built-in ones.
    let profiles: [DeviceProfile]
    /// A user's own, which go before.
    var own: [DeviceProfile] = []

    /// The profiles of `profiles.json`. Were it unreadable, every device would be unknown and none qualified.
    public static let builtIn: DeviceCatalogue = {
        let data = Data(PackageResources.profiles_json)
        let profiles = (try? JSONDecoder().decode(ProfileFile.self, from: data))?.profiles ?? []
        return DeviceCatalogue(profiles: profiles)
    }()

    /// The profile of a token as its module shows it.
    ///
    /// - Parameter answerToReset: asked only when it can decide: a built-in profile goes by what the token says of
    ///   itself as long as that is known.
    func profile(
        for token: TokenIdentity,
        moduleFile: String,
        answerToReset: () -> [UInt8]? = { nil }
    ) -> DeviceProfile {
        let fits = { (profile: DeviceProfile) in profile.match.fits(token, moduleFile: moduleFile) }
        if !own.isEmpty {
            let answer = own.contains { $0.match.atrs != nil } ? answerToReset() : nil
            if let profile = own.first(where: { fits($0) || $0.match.fits(answer) }) { return profile }
        }
        if let profile = profiles.first(where: fits) { return profile }
        let answer = answerToReset()
        return profiles.first { $0.match.fits(answer) } ?? .unknown
    }

    /// The profile of a card of which nothing but its answer to reset is known.
    func profile(forCard answerToReset: [UInt8]) -> DeviceProfile? {
        (own + profiles).first { $0.match.fits(answerToReset) }
    }

    /// Whether the module in a file serves cards, which come through the smart-card service.
    func isForCards(moduleFile path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        return (own + profiles).contains { profile in
            [.card, .qualifiedDevice].contains(profile.kind)
                && profile.modules?.files.contains { name.hasPrefix($0) } == true
        }
    }

    /// Whether the module in a file learns of a new token only when it is started anew.
    func isBlindToNewTokens(moduleFile path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        return (own + profiles).contains { profile in
            profile.modules?.blindToNewTokens == true && profile.modules?.files.contains { name.hasPrefix($0) } == true
        }
    }
}

extension DeviceProfile.Match {
    /// Whether everything that the profile says of a token fits, and at least something is said.
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

    /// Whether a card's answer to reset is one of the profile's.
    fileprivate func fits(_ answerToReset: [UInt8]?) -> Bool {
        guard let answerToReset, let atrs else { return false }
        return atrs.contains { $0.pattern?.fits(answerToReset) ?? false }
    }
}
