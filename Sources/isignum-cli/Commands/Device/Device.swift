// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// What is plugged in, and its care. Next hops: the commands in this folder.
struct Device: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: inHelpLanguage(
                "Readers, cards and tokens: what they are, how they are, and their care.",
                "Čtečky, karty a tokeny: co jsou zač, v jakém jsou stavu, a péče o ně."
            ),
            subcommands: [
                DeviceList.self, DeviceInfo.self, DevicePIN.self, DeviceQPIN.self, DevicePUK.self, DeviceUnblock.self,
                DeviceReset.self, DeviceWatch.self,
            ]
        )
    }
}
