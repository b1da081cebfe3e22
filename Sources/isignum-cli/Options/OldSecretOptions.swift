// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import CAClient
internal import Credentials
internal import Token

/// Where the secrets of the old key's token come from, when a renewal makes the new key elsewhere.
struct OldSecretOptions: ParsableArguments {
    @Option(
        name: .customLong("old-pin-from"),
        help: help(
            "The PIN of the old key's token, where the new key is made on another one.",
            "PIN tokenu s dosavadním klíčem, vzniká-li nový klíč jinde.",
            value: "source"
        )
    )
    var pin: String?

    @Option(
        name: .customLong("old-qpin-from"),
        help: help(
            "Its signature PIN (QPIN), likewise.",
            "Jeho podpisový PIN (QPIN), stejně.",
            value: "source"
        )
    )
    var qpin: String?

    /// The words that ask for the same again.
    var given: [EquivalentCommand.Part] { [.option("--old-pin-from", pin), .option("--old-qpin-from", qpin)] }
}

extension Composition {
    /// Has the secrets of a renewal's old key come from its own flags, or from the person: `--pin-from` is meant for the
    /// token of the new one.
    func setApart(_ token: TokenIdentity, _ flags: OldSecretOptions) throws(SecretSourceError) {
        console.sources.give(try SecretSources.Pair(flags), to: token)
    }

    /// The flag for the old key's secret, where it is needed and nobody can be asked for it.
    func missingSecret(
        ofOldKeyOn token: TokenIdentity,
        _ type: CertificateType,
        _ flags: OldSecretOptions
    ) async -> String? {
        guard console.tty == nil, flags.pin == nil else { return nil }
        let hasQPIN = type == .qualified && !token.isSoftwareStore
        guard !hasQPIN || flags.qpin == nil else { return nil }
        if let store = try? await stores.store(token), store.token.asksForSecrets { return nil }
        return hasQPIN ? "--old-qpin-from" : "--old-pin-from"
    }
}
