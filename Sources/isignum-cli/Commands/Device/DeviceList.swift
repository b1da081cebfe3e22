// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials
internal import Foundation
internal import Token

/// Everything that is plugged in; no secret is asked for. Next hop: `TokenDirectory.survey`.
struct DeviceList: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list",
            abstract: inHelpLanguage(
                "List devices and readers, also cards whose module is missing.",
                "Vypsat zařízení a čtečky, i karty, kterým chybí modul."
            )
        )
    }

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await Composition.run(options) { parts in
            let selector = try parts.chosenToken()
            let document = try await parts.surveyed(selector)
            if let selector, document.devices.isEmpty {
                throw KeyStoreError(.tokenNotFound, candidates: [selector.text])
            }
            parts.listsModules = true
            try parts.results.show(document)
            return nil
        }
    }
}

/// One device with everything that is known of it.
struct DeviceInfo: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "info",
            abstract: inHelpLanguage(
                "Show one device with everything that is known of it.",
                "Ukázat jedno zařízení se vším, co je o něm známo."
            )
        )
    }

    @Argument(
        help: help(
            "Label, serial number, RFC 7512 URI, or name of the reader; may be left out when there is only one.",
            "Název, sériové číslo, URI podle RFC 7512 nebo název čtečky; není třeba, je-li jediné."
        )
    )
    var selector: String?

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await Composition.run(options) { parts in
            let selector = try selector.map { text throws(KeyStoreError) in try TokenSelector(parsing: text) }
            let meant = try selector ?? parts.chosenToken()
            let found = try await parts.surveyed(meant, inFull: true).devices
            guard let device = found.first else {
                throw KeyStoreError(.tokenNotFound, candidates: meant.map { [$0.text] } ?? [])
            }
            guard found.count == 1 else {
                let areAlike =
                    device.serial != nil
                    && found.allSatisfy {
                        $0.label == device.label && $0.serial == device.serial
                    }
                throw KeyStoreError(areAlike ? .tokensAlike : .tokenAmbiguous, candidates: found.map(\.line))
            }
            try parts.results.show(device)
            return nil
        }
    }
}

extension Composition {
    /// What is plugged in, as far as a selector means it, with what is on it.
    ///
    /// - Parameter inFull: whether what costs talks with the card of its own is wanted too.
    func surveyed(_ selector: TokenSelector?, inFull: Bool = false) async throws -> DevicesDocument {
        let survey = await stores.survey()
        var devices: [DeviceDocument] = []
        for found in survey.devices where selector.map(found.isMeant) ?? true {
            try Task.checkCancellation()
            devices.append(await document(of: found, inFull: inFull))
        }
        return DevicesDocument(devices: devices, survey: survey, language: language)
    }

    private func document(of found: SurveyedDevice, inFull: Bool) async -> DeviceDocument {
        guard let token = found.token, let store = await stores.store(found) else { return DeviceDocument(found) }
        var document = DeviceDocument(found)
        if inFull {
            let left = await store.triesLeft()
            document.triesLeft = left.isEmpty ? nil : Dictionary(left.map { ($0.key.rawValue, $0.value) }) { $1 }
        }
        document.certification = DeviceDocument.Certification(await certification(of: token), now: Date())
        do throws(KeyStoreError) {
            var keys = [KeyArea.general.rawValue: try await store.algorithms(in: .general)]
            if store.areas.contains(.qualified) {
                keys[KeyArea.qualified.rawValue] = try await store.algorithms(in: .qualified)
            }
            document.keys = keys.mapValues { $0.map(\.rawValue) }
            document.take(try await store.certificates(), on: token.identity)
        } catch {
            // A device that fails or is pulled out keeps nobody from seeing the others.
            document.problem = explain(error, in: language).code
        }
        return document
    }
}

extension SurveyedDevice {
    /// A card without a module has no name but its reader's.
    fileprivate func isMeant(by selector: TokenSelector) -> Bool {
        token.map { selector.matches($0.identity) } ?? false || reader?.name == selector.text
    }
}
