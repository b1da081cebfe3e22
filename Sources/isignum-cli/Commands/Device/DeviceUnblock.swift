// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials

/// A new PIN or QPIN for one that is blocked or forgotten, by whoever has the PUK. Next hop: `DeviceCare`.
struct DeviceUnblock: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "unblock",
            abstract: inHelpLanguage(
                "Set a blocked PIN or signature PIN (QPIN) anew with the PUK.",
                "Nastavit zablokovaný PIN nebo podpisový PIN (QPIN) znovu pomocí PUKu."
            )
        )
    }

    @Argument(help: help("pin or qpin.", "pin nebo qpin."))
    var secret: UnblockedSecret

    @OptionGroup var unblocking: PUKOptions
    @OptionGroup var newPIN: NewPINOptions
    @OptionGroup var newQPIN: NewQPINOptions
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await Composition.run(options) { parts in
            let new = [SecretKind.pin: newPIN.newPINFrom, .qpin: newQPIN.newQPINFrom]
            try await parts.care(puk: unblocking.pukFrom, new: new).unblock(secret.kind)
            return nil
        }
    }
}
