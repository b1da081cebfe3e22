// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation
internal import Token

/// The words of devices, readers and modules. One value a language: a missing translation does not compile.
struct DeviceWords: Sendable {
    let dates: MomentText
    // Labels.
    let device, qualified, reader, answerToReset, keys, inQualifiedArea, certificates, module, firmware: String
    let sources, puk, problem, wanted, found, lookedIn, mind: String
    // Devices.
    let cardIn: @Sendable (_ reader: String) -> String
    let unknownKind, byAnswerToReset, mute: String
    let kinds: [String: String]
    /// Names of profiles that are no trade names, by the name that JSON has.
    let profileNames: [String: String]
    let factGroups: [String: String]
    let or: String
    // Certification.
    let notQualified: String
    let certified, ended: @Sendable (_ until: String) -> String
    let unknownEnd: String
    /// Who says so, after the statement itself.
    let byConfiguration, nobodyToAsk, authoritySaysNoEnd, unreachable: String
    let byAuthority, unreachableSince: @Sendable (_ day: String) -> String
    /// What it means for requests, where no marker can be asked for.
    let noMarker: String
    // Modules.
    let noModule, noModuleKnown, addToConfiguration: String
    let confused, blind: @Sendable (_ files: String) -> String
    // The whole.
    let nothing, readers, emptyReader, noService, brokenModules, notReadFurther: String
    /// Said where a card is waited for or wanted and no service can show it.
    let cardsNeedService: String
    let memoryUsed: @Sendable (_ used: Int, _ total: Int, _ percent: Int) -> String
    /// After the state of a secret.
    let triesLeft: @Sendable (Int) -> String
    let ofFactory: @Sendable (_ command: String) -> String
    /// What a command that waits for a device says first.
    let plugIn: @Sendable (_ name: String?) -> String
    /// Events of `device watch`, by their stable names.
    let events: [String: String]
    /// What an expert's run changes.
    let expertMode: String
    /// Errors in a user's file of device profiles.
    let profiles: @Sendable (ProfileError) -> Wording

    /// The name of a profile for a person.
    func name(ofProfile name: String) -> String { profileNames[name] ?? name }

    static func of(_ language: Language) -> DeviceWords { language == .czech ? czech : english }

    /// "6 of 32 KB (20%)".
    func memory(free: Int, total: Int) -> String {
        let used = total - free
        let percent = Int((Double(used) / Double(total) * 100).rounded())
        return memoryUsed((used + 512) / 1_024, (total + 512) / 1_024, percent)
    }
}

extension ProfileError {
    /// The file and the place in it.
    var location: String { place.map { "\(file): \($0)" } ?? file }
}
