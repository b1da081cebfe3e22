// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials
internal import Token

/// Whether a command waits for a device that is not plugged in, and how long.
struct DeviceWaitOptions: ParsableArguments {
    @Option(
        name: .customLong("wait-for-device"),
        defaultAsFlag: 86_400,
        parsing: .next,
        help: help(
            "Wait for a token that is not plugged in, so many seconds or a day; on a terminal it is always waited for.",
            "Počkat na token, který není připojen, tolik sekund nebo den; na terminálu se na něj čeká vždy.",
            value: "seconds"
        )
    )
    var seconds: Int?

    func validate() throws {
        if let seconds, !(0...86_400).contains(seconds) {
            throw ValidationError(
                inHelpLanguage("--wait-for-device takes 0 to 86400 seconds", "--wait-for-device bere 0 až 86400 sekund")
            )
        }
    }
}

/// Waits for a device instead of failing, until it comes, the time is over, or the person gives up.
struct DeviceWait: Sendable {
    let stores: OpenStores
    let words: DeviceWords
    /// `nil`: it fails at once.
    var limit: Duration?

    /// Whether nothing is waited for.
    var isOff: Bool { limit.map { $0 <= .zero } ?? true }

    /// Opens a device now, or when it is plugged in.
    ///
    /// - Parameter name: the device as a person knows it; `nil` for any.
    /// - Throws: what `open` throws; `cancelled` when the task was.
    func device(
        _ name: String?,
        _ open: () async throws(KeyStoreError) -> PKCS11Token
    ) async throws(KeyStoreError) -> PKCS11Token {
        let failure: KeyStoreError
        do throws(KeyStoreError) { return try await open() } catch { failure = error }
        guard let limit, limit > .zero, failure.code == .tokenNotFound else { throw failure }
        StandardError.write(words.plugIn(name?.printable) + "\n")
        var saidService = false
        for await change in stores.changes(atMost: limit) {
            guard case .devices(let survey) = change else { continue }
            do throws(KeyStoreError) { return try await open() } catch {
                guard error.code == .tokenNotFound || error.code == .tokenRemoved else { throw error }
            }
            if survey.lacksService, !saidService { StandardError.write(words.cardsNeedService + "\n") }
            saidService = survey.lacksService
            for card in survey.devices where card.token == nil { StandardError.write(words.unserved(card) + "\n") }
        }
        throw Task.isCancelled ? KeyStoreError(.cancelled) : failure
    }
}

extension DeviceWords {
    /// A card that nothing serves will not become a token by waiting: what it is, and what it wants.
    func unserved(_ card: SurveyedDevice) -> String {
        let reader = card.reader?.name.printable ?? ""
        let wish = card.missing.map { "\(wanted): \($0.files.joined(separator: " \(or) "))" }
        return [cardIn(reader), card.profile.map { name(ofProfile: $0.name) }, noModule, wish].compactMap(\.self)
            .joined(separator: "; ")
    }
}
