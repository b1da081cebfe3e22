// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials

/// A new value for the QPIN by whoever knows the old one. Next hop: `DeviceCare`.
struct DeviceQPIN: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "qpin",
            abstract: inHelpLanguage("Change the signature PIN (QPIN).", "Změnit podpisový PIN (QPIN).")
        )
    }

    @OptionGroup var new: NewQPINOptions
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await Composition.run(options) { parts in
            try await parts.care(puk: nil, new: [.qpin: new.newQPINFrom]).change(.qpin)
            return nil
        }
    }
}
