// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import CSRBuilder
internal import Credentials
internal import Enrollment

extension PromptWords {
    static let english = PromptWords(
        secretNames: { kind in
            switch kind {
            case .pin: "PIN"
            case .qpin: "Signature PIN (QPIN)"
            case .puk: "PUK"
            case .password: "Password of the file"
            }
        },
        purposes: { purpose in
            switch purpose {
            case .generateKey: "to generate the key"
            case .signRequest: "to sign"
            case .installCertificate: "to install the certificate"
            case .readObjects: "to read the token"
            case .changeSecret: "to change it"
            case .unblock(let kind): "to set the \(kind.rawValue.uppercased()) anew"
            case .resetDevice: "to reset the device"
            case .removeObjects: "to remove what is not needed"
            case .importKey: "to write the key"
            }
        },
        typeOnDevice: { kind, token in
            "the device asks for the \(kind.rawValue.uppercased()) of \(token) itself: type it there"
        },
        triesWereMade: { kind, isFinal in
            isFinal
                ? "this is the last try for the \(kind.rawValue.uppercased()): a wrong one blocks it"
                : "a wrong \(kind.rawValue.uppercased()) was tried before; take care"
        },
        othersCanRead: "warning: others can read the file with the secret (chmod 600)",
        sourceFailed: { EnglishErrorWords().secretSource($0).message },
        waitingFor: { kind, place in
            kind == .password
                ? "waiting for the password on \(place) …"
                : "waiting for the \(kind.rawValue.uppercased()) on \(place) …"
        },
        waitingForIDs: { $0 == "-" ? "waiting for IDs on standard input …" : "waiting for IDs from \($0) …" },
        event: { event in
            let dates = MomentText(.english)
            switch event {
            case .generatingKey(let algorithm, let token):
                return
                    "next, a key (\(algorithm.rawValue)) is generated on \(token.label.printable); this may take minutes …"
            case .keyGenerated(let hash): return "key generated, SHA-256 \(hash.prefix(16))…"
            case .keyFoundAgain(let hash):
                return "the key of the interrupted run is on the token, SHA-256 \(hash.prefix(16))…"
            case .markerDecided(let marker, let decision):
                switch decision {
                case .granted:
                    return "the request asks for the marker \(marker.rawValue): the key is on a qualified device"
                case .notQualifiedDevice: return "no marker \(marker.rawValue): this is not a qualified device"
                case .certificationEnded(let date):
                    return "no marker \(marker.rawValue): the certification of the device ended on \(dates.day(date))"
                case .certificationUnknown:
                    return "no marker \(marker.rawValue): it is not known until when the device is certified"
                case .keyNotGeneratedHere:
                    return "no marker \(marker.rawValue): the device does not confirm that it made the key"
                case .deviceDenies:
                    return "no marker \(marker.rawValue): the device says that the key may be known outside it"
                }
            case .signingRequest: return "signing the request …"
            case .signingOrder: return RenewalWords.english.signingOrder
            case .sealIsRequestedAnew: return RenewalWords.english.sealIsRequestedAnew
            case .renewalGoesOn(let entry): return RenewalWords.english.goesOn(entry.handle)
            case .renewalGivenUp(let entry):
                return RenewalWords.english.givenUp(entry.handle, entry.token.label.printable)
            case .orderMayHaveArrived: return RenewalWords.english.orderMayHaveArrived
            case .submitting(let authority): return "sending the request to \(authority.printable) …"
            case .submitted(let id): return "the CA took the request: \(id)"
            case .waiting(let id, _, let pause):
                return "\(id) is not issued yet; asking again in \(dates.duration(pause))"
            case .issued(let id): return "the certificate of \(id) is issued"
            case .checked(let facts):
                let names = facts.map(CertificateWords.english.fact).joined(separator: ", ")
                return "the certificate passed every check: \(names)"
            case .tellingDecision(.accepted): return "telling the CA that it is accepted …"
            case .tellingDecision(.rejected): return "telling the CA that it is rejected …"
            case .writingCertificate: return "writing the certificate onto the token …"
            case .testingKey: return "test signature with the new key …"
            case .installed: return "done: the certificate is on the token and its key signs"
            }
        },
        deviceFinishesFirst: "the device has to finish what it does first; another Ctrl-C ends at once",
        decisionMissing: "nobody to ask: give --accept or --reject REASON",
        acceptQuestion: "Are these data right? [a]ccept, [r]eject, [l]ater:",
        acceptHelp: "a writes it onto the token, r tells the CA that it is wrong, l decides another day",
        reasonQuestion: "What is wrong with it?",
        rejectQuestion: "Then what is to happen to it? [r]eject, [l]ater:",
        rejectHelp: "r tells the CA that it is wrong, l decides another day; asked again, you can still agree to it",
        acceptLetters: "ay",
        rejectLetters: "r",
        laterLetters: "ln"
    )
}
