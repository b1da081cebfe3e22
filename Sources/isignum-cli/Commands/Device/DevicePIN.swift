// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials

/// A new value for the PIN by whoever knows the old one. Next hop: `DeviceCare`.
struct DevicePIN: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "pin", abstract: inHelpLanguage("Change the PIN.", "Změnit PIN."))
    }

    @OptionGroup var new: NewPINOptions
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await Composition.run(options) { parts in
            try await parts.care(puk: nil, new: [.pin: new.newPINFrom]).change(.pin)
            return nil
        }
    }
}
