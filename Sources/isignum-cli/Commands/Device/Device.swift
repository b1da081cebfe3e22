// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// Care of the device itself.
struct Device: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: inHelpLanguage(
                "Change and unblock PIN, QPIN and PUK; reset a device.",
                "Změnit a odblokovat PIN, QPIN a PUK; vrátit zařízení do továrního stavu."
            ),
            subcommands: [DevicePIN.self, DeviceQPIN.self, DevicePUK.self, DeviceUnblock.self, DeviceReset.self]
        )
    }
}
