// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials

/// A new value for the PUK by whoever knows the old one. Next hop: `DeviceCare`.
struct DevicePUK: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "puk", abstract: inHelpLanguage("Change the PUK.", "Změnit PUK."))
    }

    @OptionGroup var unblocking: PUKOptions
    @OptionGroup var new: NewPUKOptions
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await Composition.run(options) { parts in
            try await parts.care(puk: unblocking.pukFrom, new: [.puk: new.newPUKFrom]).change(.puk)
            return nil
        }
    }
}
