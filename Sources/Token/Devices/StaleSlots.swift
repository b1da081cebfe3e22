// SPDX-License-Identifier: Apache-2.0

internal import Credentials

/// What a module goes on showing of readers that are gone. Without the service, and for a while after it came back, some
/// tell now this, now that of the cards that they once had, by the reader's name or by none.
struct StaleSlots {
    /// The readers that were there at some time, as slots describe them.
    private var readers: Set<String> = []
    /// The modules that served a card in one of them.
    private var modules: Set<String> = []

    /// The survey without devices whose reader is not there any more.
    mutating func taken(out survey: DeviceSurvey) -> DeviceSurvey {
        readers.formUnion((survey.readers ?? []).map(\.slotDescription))
        modules.formUnion(survey.devices.filter { $0.reader != nil }.compactMap(\.module))
        return DeviceSurvey(
            devices: survey.devices.filter { !isStale($0) },
            readers: survey.readers,
            troubles: survey.troubles,
            lacksService: survey.lacksService
        )
    }

    private func isStale(_ device: SurveyedDevice) -> Bool {
        guard device.reader == nil, let module = device.module else { return false }
        let reader = device.token?.reader ?? ""
        return readers.contains(reader) || reader.isEmpty && modules.contains(module)
    }
}
