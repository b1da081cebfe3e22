// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials
internal import Enrollment
internal import Foundation
internal import Token

/// What is missing on this computer, and how to mend it. Asks for no secret and changes nothing. Next hop: `Diagnosis/`.
struct Doctor: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: inHelpLanguage(
                "Find out what is missing here and how to mend it.",
                "Zjistit, co tu chybí a jak to napravit."
            ),
            discussion: inHelpLanguage(
                "No secret is asked for and nothing is changed. Ends with 0 only when a certificate could be had now.",
                "Na žádný tajný údaj se neptá a nic nemění. Skončí s 0, jen když by teď šlo získat certifikát."
            )
        )
    }

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let (findings, language) = await diagnose()
        let document = DiagnosisDocument(findings, in: language)
        try StandardOutput.write(
            options.json ? try JSONDocument.text(of: document) : DiagnosisWords.of(language).text(of: document)
        )
        if let worst = findings.first(where: { $0.severity == .problem }) {
            throw ExitStatus(code: worst.kind.exitCode)
        }
    }

    private func diagnose() async -> ([Finding], Language) {
        let folders = Folders()
        let configuration: Configuration
        do {
            configuration = try ConfigurationReader.read(folders.configurationFile)
        } catch {
            // What the file would have said is not known; the rest can be looked at all the same.
            let language = Composition.language(options.lang, nil)
            let finding = Finding(.problem, .configurationWrong(explain(error, in: language)))
            let home = HomeDiagnosis(folders: folders, language: language).findings().dropFirst()
            return ([finding] + home + (await SeatDiagnosis().findings()), language)
        }
        let language = Composition.language(options.lang, configuration)
        let named = options.token.modules
        var catalogue = DeviceCatalogue.builtIn
        var ofProfiles: [Finding] = []
        do {
            catalogue = try DeviceCatalogue.with(folders.profiles)
        } catch {
            ofProfiles.append(Finding(.problem, .configurationWrong(explain(error, in: language))))
        }
        let devices = DeviceDiagnosis(
            modules: named.isEmpty ? configuration.modules : named,
            includesRegistered: named.isEmpty && (configuration.systemModules ?? configuration.modules.isEmpty),
            catalogue: catalogue
        )
        let authority = AuthorityDiagnosis(
            configuration: configuration,
            options: options.authority,
            language: language,
            seen: (try? JournalInspection.inspect(folder: folders.state))?.issuers ?? [:]
        )
        // Modules and the CA take their time: at once.
        async let ofDevices = devices.findings()
        let home = HomeDiagnosis(folders: folders, language: language).findings()
        let ofAuthority = await authority.findings()
        let store = StoreDiagnosis(folders)
        let found = await ofDevices
        let ofPlaces = store.softening(found) + store.findings(beside: found)
        return (home + ofProfiles + ofPlaces + ofAuthority + (await SeatDiagnosis().findings()), language)
    }
}

/// What `doctor --json` gives.
struct DiagnosisDocument: Encodable {
    /// A finding with its words.
    struct Line: Encodable {
        /// A stable name in snake case.
        let code: String
        let severity: Finding.Severity
        let message: String
        /// What to do about it; absent when there is nothing to do.
        let hint: String?
    }

    /// Whether a certificate could be had now.
    let healthy: Bool
    let findings: [Line]

    /// Whether a token is all that stands in the way, and the software store would do for a commercial certificate.
    var lacksNothingButToken: Bool {
        let problems = Set(findings.filter { $0.severity == .problem }.map(\.code))
        return problems.isSubset(of: ["token_none", "module_none"])
            && findings.contains { $0.code == "software_store" }
    }

    init(_ findings: [Finding], in language: Language) {
        let words = DiagnosisWords.of(language)
        healthy = !findings.contains { $0.severity == .problem }
        self.findings = findings.map { finding in
            let wording = words.finding(finding.kind)
            return Line(
                code: finding.kind.code,
                severity: finding.severity,
                message: wording.message,
                hint: wording.hints.isEmpty ? nil : wording.hints.joined(separator: "; ")
            )
        }
    }
}
