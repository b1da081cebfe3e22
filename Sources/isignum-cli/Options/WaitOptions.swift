// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import CAClient

/// Whether a request that was handed in is waited for, and what that means for the word on its certificate and for the
/// device meanwhile.
struct WaitOptions: ParsableArguments {
    @Option(
        name: .customLong("wait"),
        defaultAsFlag: 30,
        parsing: .next,
        help: help(
            "Wait so many minutes (30) until it is issued, then go on as install.",
            "Počkat tolik minut (30) na vydání a pokračovat jako install.",
            value: "minutes"
        )
    )
    var minutes: Int?

    func validate() throws {
        if let minutes, !(0...1440).contains(minutes) {
            throw ValidationError(inHelpLanguage("--wait takes 0 to 1440 minutes", "--wait bere 0 až 1440 minut"))
        }
    }

    /// A word on a certificate that nobody waits for is a mistake.
    func requireWait(for decision: DecisionOptions) throws {
        guard minutes == nil, decision.isGiven else { return }
        throw ValidationError(
            inHelpLanguage(
                "--accept, --reject and --accept-name need --wait",
                "--accept, --reject a --accept-name potřebují --wait"
            )
        )
    }

    /// What stands for the waiting in the command that asks nothing: only with a word on the certificate, because
    /// nobody would be shown it.
    func given(_ decision: DecisionOptions, _ chain: ChainOptions) -> [EquivalentCommand.Part] {
        guard decision.isGiven else { return [] }
        return [
            .option("--wait", minutes.map { "\($0)" }), .flag("--accept", decision.accept),
            .option("--reject", decision.reject), .flag(HolderOptions.flag, decision.holder.acceptsName),
        ] + chain.given
    }

    /// Whether nobody has to be asked who is not there.
    func isDecided(_ word: Decision?, _ options: GlobalOptions) -> Bool {
        minutes == nil || word != nil || !options.noInput
    }

    /// Whether the device stays open meanwhile. Nobody thinks while it is: without a word given beforehand it is logged
    /// out at once.
    func keepsOpen(_ word: Decision?) -> Bool { minutes != nil && word == .accepted }
}
