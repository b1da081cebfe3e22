// SPDX-License-Identifier: Apache-2.0

internal import CSRBuilder
internal import Credentials

extension WizardWords {
    static let english = WizardWords(
        title: "A new certificate",
        howTo:
            "Enter accepts what stands in brackets, ?\u{A0}explains, <\u{A0}goes back, -\u{A0}empties, Ctrl-C leaves.",
        steps: [
            "Step 1 of 3: who and what", "Step 2 of 3: where the key is to live", "Step 3 of 3: generate and send",
        ],
        typeQuestion: "Type of certificate",
        typeHelp:
            "Qualified certificates are for signatures before authorities; commercial ones for logging in, mail and the rest.",
        holderQuestion: "For whom",
        holderHelp: "A person signs; an organisation seals.",
        types: ["qualified certificate", "commercial certificate"],
        holders: ["a person (signature)", "an organisation (seal)"],
        nameQuestion: "Your name",
        nameHelp: "It helps the branch to find the request. At most 64 characters; may stay empty.",
        emailQuestion: "E-mail",
        emailHelp: "It goes into the certificate, for signed mail. May stay empty.",
        phoneQuestion: "Mobile phone",
        phoneHelp: "The CA may send news of the request there. +420 is added to nine digits; may stay empty.",
        plugIn: "plug it in",
        nothingPluggedIn: "No device is plugged in. Plug it in, and it appears here.",
        pluggedIn: "Plugged in",
        unplugged: "Unplugged",
        noDevice: "no device: the key goes into the software store of this computer",
        softwareStoreHelp:
            "Without a device the key can live in the database of Chromium and Firefox, under a password.",
        softwareStore: "software store (NSS database)",
        tokenQuestion: "Token",
        tokenHelp: "The key is generated on the token and never leaves it.",
        keyQuestion: "Kind of key",
        keyHelp: "These the token offers; rsa2048 works everywhere.",
        sendQuestion: "Generate the key and send the request?",
        sendHelp:
            "The token will ask for its PIN. Generating a key may take minutes; nothing is lost if it is interrupted.",
        nothing: "none",
        yesLetter: "y",
        noLetter: "n",
        equivalent: "The same without questions:",
        token: { "The key is going to live here: \($0)." },
        standing: { standing in
            let dates = MomentText(.english)
            switch standing {
            case .notQualified: return nil
            case .unknown: return "qualified device"
            case .ended(let date): return "qualified device until \(dates.wholeDay(date)) only"
            case .certified(let date): return "qualified device, certified until \(dates.wholeDay(date))"
            }
        },
        noMarker: { standing, type in
            let lack = "the certificate will not carry the marker \(type.marker.rawValue)."
            switch standing {
            case .notQualified: return type == .qualified ? "This token is not a qualified device: \(lack)" : nil
            case .unknown: return "It is not known until when this device is certified: \(lack)"
            case .ended: return "The certification of this device has ended: \(lack)"
            case .certified: return nil
            }
        },
        noSuchChoice: { "A number from \($0.lowerBound) to \($0.upperBound), please." },
        problem: { EnglishErrorWords().request($0).fullSentence },
        summaryLabels: SummaryLabels(
            type: "Type",
            holder: "Holder",
            name: "Name",
            email: "E-mail",
            phone: "Phone",
            key: "Key",
            token: "Token"
        )
    )
}
