// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation

/// Devices for people.
struct DeviceText {
    let words: DeviceWords
    let results: ResultWords

    /// Everything that is plugged in, a paragraph a device.
    func overview(of document: DevicesDocument) -> String {
        var paragraphs = document.devices.map { device in
            heading(of: device) + TextTable.lines(facts(of: device, inFull: false), indent: 2)
        }
        if document.devices.isEmpty { paragraphs.append(words.nothing + "\n") }
        let empty = document.readers?.filter { !$0.card } ?? []
        if !empty.isEmpty {
            paragraphs.append(TextTable.lines(empty.map { (words.reader, "\($0.name) (\(words.emptyReader))") }))
        }
        if document.readers == nil { paragraphs.append(fitted(words.noService)) }
        if !document.modules.isEmpty {
            paragraphs.append(
                "\(words.brokenModules):\n"
                    + document.modules.map { fitted("  \($0.message)") }.joined()
            )
        }
        return paragraphs.joined(separator: "\n")
    }

    private func fitted(_ line: String) -> String {
        line.printable.wrapped(to: Width.ofStandardOutput, indent: 2) + "\n"
    }

    /// One device with everything that is known of it.
    func details(of device: DeviceDocument) -> String {
        var text = heading(of: device) + TextTable.lines(facts(of: device, inFull: true), indent: 2)
        let sources = (device.profile?.sources ?? [:]).sorted { $0.key < $1.key }.map { group, source in
            (label: words.factGroups[group] ?? group, value: String?.some(source))
        }
        if !sources.isEmpty { text += "  \(words.sources):\n" + TextTable.lines(sources, indent: 4) }
        for certificate in device.certificates ?? [] {
            text += "\n" + results.details(of: certificate, onToken: false, indent: 2)
        }
        return text
    }

    private func heading(of device: DeviceDocument) -> String {
        guard let label = device.label, let serial = device.serial else {
            return words.cardIn(device.reader ?? "").printable + "\n"
        }
        return "\(label), \(results.serial) \(serial)".printable + "\n"
    }

    private func facts(of device: DeviceDocument, inFull: Bool) -> [(label: String, value: String?)] {
        let used = (device.certificates ?? []).count { $0.place?.area == KeyArea.qualified.rawValue }
        var facts: [(label: String, value: String?)] = [
            (words.device, kind(of: device, inFull: inFull)),
            (words.qualified, device.label == nil ? nil : statement(of: device.certification)),
            (words.reader, device.label == nil ? nil : device.reader),
            (words.answerToReset, inFull || device.label == nil ? device.answerToReset : nil),
            (results.pin, state(device.pin, of: .pin, on: device)),
            (results.qpin, state(device.qpin, of: .qpin, on: device)),
            (words.puk, state(device.puk, of: .puk, on: device)),
            (words.keys, device.keys.map(keys)),
            (results.memory, device.memory.map { words.memory(free: $0.free, total: $0.total) }),
            (words.certificates, device.certificates.map { $0.isEmpty ? results.noCertificates : "\($0.count)" }),
            (results.qualifiedCertificates, device.qualifiedCertificateLimit.map { "\(used) / \($0)" }),
            (
                results.unreadable,
                (device.unreadableCertificates ?? 0) > 0 ? "\(device.unreadableCertificates ?? 0)" : nil
            ),
            (words.problem, device.problem.map { "\(words.notReadFurther) (\($0))" }),
        ]
        if device.label == nil { facts += missing(device) }
        if inFull {
            facts += [(words.firmware, device.firmware), (words.module, device.module)]
        }
        return facts
    }

    private func kind(of device: DeviceDocument, inFull: Bool) -> String {
        guard let profile = device.profile else { return words.unknownKind }
        let known = words.name(ofProfile: profile.name)
        let name = device.label == nil ? "\(known) (\(words.byAnswerToReset))" : known
        return inFull ? "\(name), \(words.kinds[profile.kind] ?? profile.kind)" : name
    }

    private func state(_ code: String?, of kind: SecretKind, on device: DeviceDocument) -> String? {
        let left = device.triesLeft?[kind.rawValue]
        return results.state(code, of: kind, factory: device.factorySecrets ?? [], triesLeft: left)
    }

    private func keys(_ keys: [String: [String]]) -> String {
        let general = (keys[KeyArea.general.rawValue] ?? []).joined(separator: ", ")
        guard let qualified = keys[KeyArea.qualified.rawValue] else { return general }
        let same = keys[KeyArea.general.rawValue] == qualified
        return same ? general : "\(general); \(words.inQualifiedArea): \(qualified.joined(separator: ", "))"
    }

    /// Whether it is qualified now and why, who says so, and what it means.
    func statement(of certification: DeviceDocument.Certification) -> String {
        let day = certification.until.map { words.dates.wholeDay($0) } ?? ""
        let asOf = certification.asOf.map { words.dates.wholeDay($0) }
        let source: String? =
            switch certification.source {
            case nil: nil
            case .configuration: words.byConfiguration
            case .nobody: words.nobodyToAsk
            case .unreachable: asOf.map(words.unreachableSince) ?? words.unreachable
            case .authority: certification.until == nil ? words.authoritySaysNoEnd : asOf.map(words.byAuthority)
            }
        func with(_ statement: String) -> String { source.map { "\(statement) (\($0))" } ?? statement }
        switch certification.status {
        case .notQualified: return words.notQualified
        case .certified: return with(words.certified(day))
        case .ended: return "\(with(words.ended(day))): \(words.noMarker)"
        case .unknown: return "\(with(words.unknownEnd)): \(words.noMarker)"
        }
    }

    private func missing(_ device: DeviceDocument) -> [(label: String, value: String?)] {
        if device.mute { return [(words.problem, words.mute)] }
        guard let missing = device.missingModule else { return [(words.problem, words.noModuleKnown)] }
        let names = { (paths: [String]) in
            paths.isEmpty ? nil : paths.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        }
        return [
            (words.problem, words.noModule),
            (words.wanted, missing.files.joined(separator: " \(words.or) ")),
            (words.mind, names(missing.confusedWith).map { words.confused($0.joined(separator: ", ")) }),
            (words.mind, names(missing.blind).map { words.blind($0.joined(separator: ", ")) }),
            (words.found, missing.found.first.map { "\($0): \(words.addToConfiguration)" }),
            (words.lookedIn, missing.found.isEmpty ? missing.lookedIn.joined(separator: ", ") : nil),
        ]
    }
}

extension ResultWords {
    /// How a secret stands, in words.
    ///
    /// - Parameter factory: the secrets that still have the maker's values.
    func state(_ code: String?, of kind: SecretKind, factory: [String], triesLeft: Int? = nil) -> String? {
        guard let state = code.flatMap(SecretState.init), let word = secretStates[state] else { return nil }
        let isOfFactory = factory.contains(kind.rawValue)
        // A published value is not in order, and the number says what the word would.
        var parts = [state == .ok && isOfFactory || state == .final && triesLeft == 1 ? nil : word]
        if let triesLeft, state != .locked { parts.append(devices.triesLeft(triesLeft)) }
        if isOfFactory { parts.append(devices.ofFactory("isignum device \(kind.rawValue)")) }
        return parts.compactMap(\.self).joined(separator: ", ")
    }
}
