// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials
internal import Foundation
internal import Token

/// Tells what is plugged in and out, a line an event, until it is interrupted. Next hop: `TokenDirectory.changes`.
struct DeviceWatch: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "watch",
            abstract: inHelpLanguage(
                "Tell when readers, cards and tokens are plugged in and out.",
                "Hlásit připojení a odpojení čteček, karet a tokenů."
            )
        )
    }

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await Composition.run(options) { parts in
            var seen = SeenDevices()
            // Told as soon as they are known, and not again at the end.
            parts.listsModules = true
            var told: [KeyStoreError] = []
            for await change in parts.stores.changes(atMost: nil) {
                if case .devices(let survey) = change {
                    for trouble in survey.troubles where !told.contains(where: { $0.candidates == trouble.candidates })
                    {
                        told.append(trouble)
                        FailureReport.aside(trouble, language: parts.language)
                    }
                }
                for event in seen.events(after: change) {
                    try StandardOutput.write(
                        options.json ? try JSONDocument.line(of: event) : event.text(.of(parts.language))
                    )
                }
            }
            // Nobody ends a watch in another way: there is nothing to report.
            throw QuietEnd()
        }
    }
}

/// The end of a command that is only ever ended by a signal.
struct QuietEnd: Error {}

/// One event, as `device watch --json` writes it on a line of its own.
struct DeviceEvent: Encodable {
    enum Kind: String, Encodable {
        case readerPlugged = "reader_plugged", readerUnplugged = "reader_unplugged"
        case cardInserted = "card_inserted", cardRemoved = "card_removed"
        case devicePlugged = "device_plugged", deviceUnplugged = "device_unplugged"
        case serviceUp = "card_service_up", serviceDown = "card_service_down"
    }

    let event: Kind
    let time: Date
    /// Whether it was there when the watch began.
    let present: Bool
    var reader: String?
    /// Upper-case hexadecimal.
    var answerToReset: String?
    var label, serial, profile: String?
    /// Whether devices of its kind were certified as qualified.
    var qualified: Bool?

    /// The event in a line, or in several where the terminal is narrow.
    func text(_ words: DeviceWords, width: Int? = Width.ofStandardOutput) -> String {
        let name = label.map { "\($0) (\(serial ?? ""))" + (profile.map { ", \(words.name(ofProfile: $0))" } ?? "") }
        let what = [name, reader, label == nil ? answerToReset : nil].compactMap(\.self).joined(separator: ", ")
        let clock = time.formatted(Date.VerbatimFormatStyle.clock)
        let statement = words.events[event.rawValue] ?? event.rawValue
        let line = "\(clock)  \(statement)\(what.isEmpty ? "" : ": ")\(what)".printable
        // What goes on stands below what happened.
        return line.wrapped(to: width, hanging: clock.count + 2) + "\n"
    }
}

extension Date.VerbatimFormatStyle {
    fileprivate static var clock: Date.VerbatimFormatStyle {
        Date.VerbatimFormatStyle(
            format:
                "\(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits)",
            timeZone: .current,
            calendar: Calendar(identifier: .gregorian)
        )
    }
}

/// What a watch has seen so far.
struct SeenDevices {
    private struct Key: Hashable {
        let identity: TokenIdentity
        let reader: String?
    }

    private var readers: [CardReader] = []
    private var service: Bool?
    private var devices: [Key: DeviceEvent] = [:]
    private var sawReaders = false
    private var sawDevices = false

    /// What is new.
    mutating func events(after change: DeviceChange, at now: Date = Date()) -> [DeviceEvent] {
        switch change {
        case .devices(let survey): return events(after: survey, at: now)
        case .readers(let new):
            let first = !sawReaders
            sawReaders = true
            var events: [DeviceEvent] = []
            if let service, service != (new != nil) {
                events.append(
                    DeviceEvent(event: new == nil ? .serviceDown : .serviceUp, time: now, present: false)
                )
            }
            service = new != nil
            events += changes(from: readers, to: new ?? [], first: first, at: now)
            readers = new ?? []
            return events
        }
    }

    private func changes(from old: [CardReader], to new: [CardReader], first: Bool, at now: Date) -> [DeviceEvent] {
        func event(_ kind: DeviceEvent.Kind, _ reader: CardReader) -> DeviceEvent {
            var event = DeviceEvent(event: kind, time: now, present: first, reader: reader.name)
            event.answerToReset = reader.answerToReset.map { $0.map { String(format: "%02X", $0) }.joined() }
            return event
        }
        func hasCard(_ reader: CardReader) -> Bool { reader.answerToReset != nil || reader.isMute }
        var events: [DeviceEvent] = []
        for reader in old where hasCard(reader) && !new.contains(reader) { events.append(event(.cardRemoved, reader)) }
        for reader in old where !new.contains(where: { $0.name == reader.name }) {
            events.append(DeviceEvent(event: .readerUnplugged, time: now, present: false, reader: reader.name))
        }
        for reader in new where !old.contains(where: { $0.name == reader.name }) {
            events.append(DeviceEvent(event: .readerPlugged, time: now, present: first, reader: reader.name))
        }
        for reader in new where hasCard(reader) && !old.contains(reader) { events.append(event(.cardInserted, reader)) }
        return events
    }

    private mutating func events(after survey: DeviceSurvey, at now: Date) -> [DeviceEvent] {
        let first = !sawDevices
        sawDevices = true
        var new: [Key: DeviceEvent] = [:]
        for device in survey.devices {
            guard let token = device.token else { continue }
            var event = DeviceEvent(event: .devicePlugged, time: now, present: first, reader: token.reader)
            event.label = token.identity.label
            event.serial = token.identity.serial
            event.profile = token.profileName
            event.qualified = token.isQualifiedDevice
            new[Key(identity: token.identity, reader: token.reader)] = event
        }
        let gone = devices.filter { new[$0.key] == nil }.values.map { event in
            var end = DeviceEvent(event: .deviceUnplugged, time: now, present: false, reader: event.reader)
            (end.label, end.serial, end.profile, end.qualified) = (
                event.label, event.serial, event.profile, event.qualified
            )
            return end
        }
        let come = new.filter { devices[$0.key] == nil }.values
        devices = new
        return (gone + come).sorted { ($0.label ?? "") < ($1.label ?? "") }
    }
}
