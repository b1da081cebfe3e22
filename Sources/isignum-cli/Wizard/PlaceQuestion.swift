// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Foundation
internal import Token

/// Where the key is to live: a list that grows while the question stands, when a device is plugged in. What comes or goes
/// is a line more, nothing is written over, so it can be followed by ear; Enter takes what was plugged in last.
struct PlaceQuestion {
    let questions: Questions
    let devices: DeviceWords
    /// What is plugged in; `nil` where the choice is made.
    let news: DeviceNews?
    /// Until when a device is certified.
    let certifiedUntil: @Sendable (TokenDescription) async -> Date?

    private enum Happening: Sendable {
        case typed
        case heard(DeviceNews.Word)
    }

    private var tty: TTY { questions.tty }
    private var words: WizardWords { questions.words }

    /// Whether there is anything to ask: not when only one place makes sense.
    static func isOpen(_ places: KeyPlaces, for type: CertificateType?) -> Bool {
        guard let only = places.only else { return true }
        return type == .qualified ? !only.token.isQualifiedDevice : places.hasSoftwareStore
    }

    /// Asks.
    ///
    /// - Throws: `cancelled` when the input ends, `tokenNotFound` when nothing came as long as it was waited.
    func ask(
        for type: CertificateType?,
        _ places: inout KeyPlaces,
        _ place: inout KeyPlaces.Place?
    ) async throws(KeyStoreError) -> Questions.Outcome {
        let offersStore = places.hasSoftwareStore && type == .commercial
        if place == .softwareStore, !offersStore { place = nil }
        list(places, offersStore)
        var latest: Int?
        let answer = try await answer(&places, &latest, kept: place, offersStore)
        switch answer {
        case "":
            guard let chosen = standing(latest, place, places) else { return .repeated }
            place = chosen
        case "<": return .back
        case "?":
            tty.write(words.tokenHelp + (offersStore ? " " + words.softwareStoreHelp : "") + "\n")
            return .repeated
        case "0" where offersStore: place = .softwareStore
        default:
            guard let number = Int(answer), let device = places[number] else {
                if let complaint = complaint(places, offersStore) { tty.write(complaint + "\n") }
                return .repeated
            }
            place = .device(device.token)
        }
        return .answered
    }

    /// What Enter would take: what came last, what was chosen before, the first.
    private func standing(_ latest: Int?, _ kept: KeyPlaces.Place?, _ places: KeyPlaces) -> KeyPlaces.Place? {
        if let latest, let device = places[latest] { return .device(device.token) }
        switch kept {
        case .softwareStore: return kept
        case .device(let token) where places.number(of: token).map { places[$0] != nil } ?? false: return kept
        default: return places.pluggedIn.first.map { .device($0.device.token) }
        }
    }

    private func prompt(_ standing: KeyPlaces.Place?, _ places: KeyPlaces) -> String {
        let now =
            switch standing {
            case .softwareStore: "0"
            case .device(let token): places.number(of: token).map { "\($0)" } ?? words.plugIn
            case nil: words.plugIn
            }
        return "\(words.tokenQuestion) [\(now)]: "
    }

    private func list(_ places: KeyPlaces, _ offersStore: Bool) {
        for (number, device) in places.pluggedIn { tty.write(words.describe(device), numbered: number) }
        if offersStore { tty.write(words.noDevice, numbered: 0) }
        if places.pluggedIn.isEmpty { tty.write(words.nothingPluggedIn + "\n") }
    }

    /// What answers there are; where there is no device, the list says so.
    private func complaint(_ places: KeyPlaces, _ offersStore: Bool) -> String? {
        let numbers = places.pluggedIn.map(\.number)
        guard let last = numbers.last, let first = offersStore ? 0 : numbers.first else { return nil }
        return words.noSuchChoice(first...last)
    }

    /// Waits for the line, and tells meanwhile what is plugged in and out.
    private func answer(
        _ places: inout KeyPlaces,
        _ latest: inout Int?,
        kept: KeyPlaces.Place?,
        _ offersStore: Bool
    ) async throws(KeyStoreError) -> String {
        tty.write(prompt(standing(latest, kept, places), places))
        let (happenings, happening) = AsyncStream.makeStream(of: Happening.self)
        let tty = tty
        let news = news
        let typing = Task { if await tty.isReady() { happening.yield(.typed) } else { happening.finish() } }
        let watching = Task {
            guard let news else { return }
            for await word in news.listen() { happening.yield(.heard(word)) }
        }
        defer {
            typing.cancel()
            watching.cancel()
        }
        for await happening in happenings {
            switch happening {
            case .typed: return try await questions.answer()
            case .heard(.over):
                // Whatever is there can still be chosen; for what is not, the time is over.
                guard places.pluggedIn.isEmpty, !offersStore else { continue }
                tty.write("\n")
                throw KeyStoreError(.tokenNotFound)
            case .heard(.devices(let survey)):
                guard await tell(of: survey, &places, &latest) else { continue }
                tty.write(prompt(standing(latest, kept, places), places))
            }
        }
        tty.write("\n")
        throw KeyStoreError(.cancelled)
    }

    /// - Returns: whether anything was told, so that the question has to be put again.
    private func tell(of survey: DeviceSurvey, _ places: inout KeyPlaces, _ latest: inout Int?) async -> Bool {
        let before = places
        let (came, went) = await places.update(
            with: survey.devices.compactMap(\.token),
            certifiedUntil: certifiedUntil
        )
        let unserved =
            survey.devices.filter { $0.token == nil }.map(devices.unserved)
            + (survey.lacksService ? [devices.cardsNeedService] : [])
        let strangers = unserved.filter { !places.told.contains($0) }
        places.told = Set(unserved)
        guard !(came + went + strangers.map { _ in 0 }).isEmpty else { return false }
        tty.write("\n")
        for number in went {
            if let device = before[number] { tty.write("\(words.unplugged): \(number)  \(words.describe(device))\n") }
        }
        for number in came {
            if let device = places[number] { tty.write("\(words.pluggedIn): \(number)  \(words.describe(device))\n") }
        }
        for card in strangers { tty.write(card + "\n") }
        if let last = latest, went.contains(last) { latest = nil }
        latest = came.last ?? latest
        return true
    }
}
