// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// What is plugged in, and its care. Next hops: the commands in this folder.
struct Device: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: inHelpLanguage(
                "Readers, cards and tokens: what they are and how they are.",
                "Čtečky, karty a tokeny: co jsou zač a v jakém jsou stavu."
            ),
            subcommands: [DeviceList.self, DeviceInfo.self]
        )
    }
}
