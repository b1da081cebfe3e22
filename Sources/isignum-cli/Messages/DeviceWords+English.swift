// SPDX-License-Identifier: Apache-2.0

internal import Token

extension DeviceWords {
    static let english = DeviceWords(
        dates: MomentText(.english),
        device: "Device",
        qualified: "Qualified",
        reader: "Reader",
        answerToReset: "Answer to reset",
        keys: "Keys",
        inQualifiedArea: "in the qualified area",
        certificates: "Certificates",
        module: "Module",
        firmware: "Firmware",
        sources: "Known from",
        puk: "PUK",
        problem: "Problem",
        wanted: "Wants",
        found: "Found",
        lookedIn: "Looked in",
        mind: "Mind",
        cardIn: { "A card in \($0)" },
        unknownKind: "of an unknown kind",
        byAnswerToReset: "by its answer to reset",
        mute: "it does not answer: is it the right way up?",
        kinds: [
            "qualifiedDevice": "of a qualified kind", "card": "a card", "tpm": "a TPM", "software": "software",
            "unknown": "of an unknown kind",
        ],
        profileNames: [:],
        factGroups: [
            "match": "kind", "modules": "modules", "secrets": "secrets", "keys": "keys",
            "qualifiedCertificates": "room for certificates", "claims": "attributes", "care": "changing and unblocking",
        ],
        or: "or",
        notQualified: "no: devices of this kind were never certified",
        certified: { "yes, certified until \($0)" },
        ended: { "no more: its certification ended on \($0)" },
        unknownEnd: "unknown until when",
        byConfiguration: "by the configuration",
        nobodyToAsk: "no CA is configured",
        authoritySaysNoEnd: "the CA does not say",
        unreachable: "the CA could not be asked",
        byAuthority: { "by the CA on \($0)" },
        unreachableSince: { "by the CA on \($0); it could not be asked again" },
        noMarker: "no marker, commercial certificates as usual",
        noModule: "no module serves this card",
        noModuleKnown: "no module serves this card, and it is not known which one would",
        addToConfiguration: "add it to modules in config.toml",
        confused: { "\($0) is in use: it is for other devices, and often taken for this one's" },
        blind: { "\($0) is in use and does not see the card: is it the right version?" },
        nothing: "No device is plugged in.",
        readers: "Readers",
        emptyReader: "empty",
        noService: "The smart-card service (pcscd) does not answer; tokens without a reader need none.",
        brokenModules: "Modules that cannot be used",
        notReadFurther: "it could not be read further",
        cardsNeedService: "the smart-card service (pcscd) does not answer, and cards need it; isignum doctor says more",
        memoryUsed: { "\($0) of \($1) KB (\($2)%)" },
        triesLeft: { $0 == 1 ? "1 try left" : "\($0) tries left" },
        ofFactory: { "still its maker's: \($0) changes it" },
        plugIn: { "plug in \($0.map { "the token \($0)" } ?? "a token") … (Ctrl-C gives up)" },
        events: [
            "reader_plugged": "reader plugged in", "reader_unplugged": "reader unplugged",
            "card_inserted": "card inserted", "card_removed": "card removed",
            "device_plugged": "plugged in", "device_unplugged": "unplugged",
            "card_service_up": "the smart-card service is back", "card_service_down": "the smart-card service is gone",
        ],
        expertMode:
            "Expert mode: the wizard offers every kind of key that the device has, and clean offers keys without a certificate.",
        profiles: { error in
            let place = error.location.printable
            switch error.code {
            case .unreadable: return Wording("the device profiles cannot be read: \(place)").quoting(error.detail)
            case .syntax: return Wording("\(place): this is no JSON").quoting(error.detail)
            case .unknownKey:
                return Wording("\(place): this key means nothing here", "docs/profiles.md lists those that do")
            case .badValue:
                return Wording("\(place): this value is missing or cannot be used")
                    .quoting(error.detail.map { "wanted: \($0)" })
                    .adding("nothing of the file was used; docs/profiles.md says what belongs there")
            }
        }
    )
}
