// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials

/// Where the PUK comes from.
struct PUKOptions: ParsableArguments {
    @Option(
        name: .customLong("puk-from"),
        help: help(
            "The PUK from fd:N, file:PATH or pinentry.",
            "PUK z fd:N, file:CESTA nebo pinentry.",
            value: "source"
        )
    )
    var pukFrom: String?
}

/// Where a new PIN comes from.
struct NewPINOptions: ParsableArguments {
    @Option(
        name: .customLong("new-pin-from"),
        help: help("The new PIN, likewise.", "Nový PIN, stejně.", value: "source")
    )
    var newPINFrom: String?
}

/// Where a new QPIN comes from.
struct NewQPINOptions: ParsableArguments {
    @Option(
        name: .customLong("new-qpin-from"),
        help: help("The new signature PIN (QPIN), likewise.", "Nový podpisový PIN (QPIN), stejně.", value: "source")
    )
    var newQPINFrom: String?
}

/// Where a new PUK comes from.
struct NewPUKOptions: ParsableArguments {
    @Option(
        name: .customLong("new-puk-from"),
        help: help("The new PUK, likewise.", "Nový PUK, stejně.", value: "source")
    )
    var newPUKFrom: String?
}

/// The secrets that the PUK can set.
enum UnblockedSecret: String, CaseIterable, ExpressibleByArgument {
    case pin, qpin

    var kind: SecretKind { self == .pin ? .pin : .qpin }
}
