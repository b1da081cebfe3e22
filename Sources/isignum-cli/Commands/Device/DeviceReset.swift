// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials

/// The state for a complaint: certificates and keys gone, PIN, QPIN and PUK of the factory. Next hop: `DeviceCare`.
struct DeviceReset: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "reset",
            abstract: inHelpLanguage(
                "Remove all certificates and keys and return the values of the factory, for a complaint.",
                "Odstranit všechny certifikáty a klíče a vrátit tovární hodnoty, kvůli reklamaci."
            )
        )
    }

    @Option(
        name: .customLong("confirm-serial"),
        help: help(
            "The serial number of the device, instead of typing it.",
            "Sériové číslo zařízení místo jeho opsání.",
            value: "number"
        )
    )
    var confirmed: String?

    @OptionGroup var unblocking: PUKOptions
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await Composition.run(options) { parts in
            try await parts.care(puk: unblocking.pukFrom, new: [:]).reset(confirmed: confirmed)
            return nil
        }
    }
}
