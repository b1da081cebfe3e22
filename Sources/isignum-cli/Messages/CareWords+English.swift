// SPDX-License-Identifier: Apache-2.0

internal import Credentials

extension CareWords {
    static let english = CareWords(
        newPrompt: { kind, token, serial, lengths in
            "New \(name(kind)), \(token) (\(serial)) – \(lengths.lowerBound) to \(lengths.upperBound) characters"
        },
        repeatPrompt: { kind in "New \(name(kind)) once more" },
        typedDifferently: "the two differ; nothing was changed, begin again",
        refused: { kind, refusal in
            "this \(name(kind)) is not taken: \(EnglishErrorWords().refusal(refusal)); choose another"
        },
        tooShort: "too short",
        longEnough: "long enough",
        tooLong: "too long",
        triesLeft: { kind, left in
            left == 1 ? "one try is left for the \(name(kind))" : "\(left) tries are left for the \(name(kind))"
        },
        pukBelongsTo: { kind in "this device has a PUK for each secret; the one of the \(name(kind)) is needed" },
        allBlockedDestroys: "with PIN, QPIN and PUK all blocked the device is lost for good; take your time",
        lastOneDestroys: { kind in
            "WARNING: everything but the \(name(kind)) is blocked; if it gets blocked too, the device and all keys on it are lost for good"
        },
        changed: { kind, token in "the \(name(kind)) of \(token) is changed" },
        unblocked: { kind, token in "the \(name(kind)) of \(token) is set anew and has all its tries" },
        reset: ResetWords(
            heading: { token, serial in "Reset of \(token) (\(serial)) for a complaint. This will be lost for good:" },
            certificates: "Certificates:",
            noCertificates: "Certificates: none",
            allKeys: "All keys, also those that are still to get a certificate.",
            returns: { kinds in "Back to the values of the factory: \(list(kinds))." },
            keeps: { kinds in
                "NOT returned to the factory, because no way is known: \(list(kinds)); use the maker's own software."
            },
            openRequests: { requests in
                "WARNING: \(requests.count == 1 ? "this request is" : "these requests are") open, and the key will be gone; no certificate can be used for it any more: \(requests.joined(separator: ", "))"
            },
            keysGone: { requests in
                "the \(requests.count == 1 ? "key of this open request is" : "keys of these open requests are") gone; no certificate can be used for it any more: \(requests.joined(separator: ", "))"
            },
            typeSerial: { serial in "To go on, type the serial number (\(serial)):" },
            done: { certificates, keys in
                "done: \(certificates) certificates and \(keys) keys removed; the device was read again and holds none"
            },
            returned: { kinds in "values of the factory: \(list(kinds))" },
            kept: { kinds in "left as they are: \(list(kinds))" }
        )
    )

    private static func name(_ kind: SecretKind) -> String { kind == .qpin ? "signature PIN (QPIN)" : short(kind) }

    private static func short(_ kind: SecretKind) -> String { kind.rawValue.uppercased() }

    private static func list(_ kinds: [SecretKind]) -> String { kinds.map(short).joined(separator: ", ") }
}
