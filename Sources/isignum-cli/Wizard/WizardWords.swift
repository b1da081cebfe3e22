// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials

/// The words of the wizard. A language that misses one does not compile.
struct WizardWords: Sendable {
    let title, howTo: String
    /// The headings of the three steps: who and what, where, send.
    let steps: [String]
    let typeQuestion, typeHelp, holderQuestion, holderHelp: String
    /// In the order of `CertificateType.allCases` and `Holder.allCases`.
    let types, holders: [String]
    let nameQuestion, nameHelp, emailQuestion, emailHelp, phoneQuestion, phoneHelp: String
    /// What stands for the number while nothing is plugged in.
    let plugIn: String
    let nothingPluggedIn, pluggedIn, unplugged: String
    /// The software store as a choice, what it means, and as a place.
    let noDevice, softwareStoreHelp, softwareStore: String
    let tokenQuestion, tokenHelp, keyQuestion, keyHelp, sendQuestion, sendHelp: String
    let nothing, yesLetter, noLetter, equivalent: String
    let token: @Sendable (String) -> String
    /// What is said of a device beside its name.
    let standing: @Sendable (DeviceStanding) -> String?
    /// Why a certificate on the device is going to lack its marker; `nil` when it need not, or nobody expects one.
    let noMarker: @Sendable (DeviceStanding, CertificateType) -> String?
    let noSuchChoice: @Sendable (ClosedRange<Int>) -> String
    let problem: @Sendable (RequestProblem) -> String
    let summaryLabels: SummaryLabels

    /// What the summary calls its lines.
    struct SummaryLabels: Sendable {
        let type, holder, name, email, phone, key, token: String
    }

    static func of(_ language: Language) -> WizardWords { language == .czech ? czech : english }

    /// A device with what it is worth.
    func describe(_ device: KeyPlaces.Device) -> String {
        let identity = device.token.identity
        let name = "\(identity.label.printable) (\(identity.serial.printable))"
        return standing(device.standing).map { "\(name), \($0)" } ?? name
    }

    /// The answers, a line each.
    func summary(_ answers: Answers, _ token: String) -> String {
        let type = answers.type.flatMap { CertificateType.allCases.firstIndex(of: $0) }.map { types[$0] }
        let holder = Holder.allCases.firstIndex(of: answers.holder ?? .person).map { holders[$0] }
        return TextTable.lines([
            (summaryLabels.type, type),
            (summaryLabels.holder, holder),
            (summaryLabels.name, answers.contact.name),
            (summaryLabels.email, answers.contact.email),
            (summaryLabels.phone, answers.contact.phone),
            (summaryLabels.key, (answers.algorithm ?? .rsa2048).rawValue),
            (summaryLabels.token, token),
        ])
    }
}
