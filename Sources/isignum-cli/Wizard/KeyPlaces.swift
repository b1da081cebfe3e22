// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation

/// The places where a key could live, in the order in which they were seen. A number that a person has read stays that
/// device's, whatever is plugged in and out meanwhile.
struct KeyPlaces: Sendable {
    /// One that was chosen.
    enum Place: Equatable, Sendable {
        /// A device.
        case device(TokenDescription)
        /// No device.
        case softwareStore
    }

    /// A device that is or was plugged in.
    struct Device: Equatable, Sendable {
        let token: TokenDescription
        /// Until when it is certified, where anybody knows.
        let certifiedUntil: Date?
        var isPluggedIn = true

        /// What its certification is worth today.
        var standing: DeviceStanding { DeviceStanding(token, certifiedUntil: certifiedUntil, now: Date()) }

        fileprivate func isSame(as other: TokenDescription) -> Bool {
            token.identity == other.identity && token.reader == other.reader
        }
    }

    private(set) var devices: [Device] = []
    /// What was said of cards that nothing serves, so that it is said once.
    var told: Set<String> = []
    /// Whether a key may live in the software store.
    let hasSoftwareStore: Bool

    init(hasSoftwareStore: Bool) { self.hasSoftwareStore = hasSoftwareStore }

    /// Adds a device that is plugged in.
    mutating func add(_ token: TokenDescription, certifiedUntil end: Date?) {
        devices.append(Device(token: token, certifiedUntil: end))
    }

    /// The devices that are plugged in, with their numbers.
    var pluggedIn: [(number: Int, device: Device)] {
        devices.enumerated().filter(\.element.isPluggedIn).map { ($0.offset + 1, $0.element) }
    }

    /// The only device that is plugged in.
    var only: Device? { pluggedIn.count == 1 ? pluggedIn[0].device : nil }

    /// The device of a number, if it is plugged in.
    subscript(number: Int) -> Device? {
        guard devices.indices.contains(number - 1), devices[number - 1].isPluggedIn else { return nil }
        return devices[number - 1]
    }

    /// The number of a device.
    func number(of token: TokenDescription) -> Int? {
        devices.firstIndex { $0.isSame(as: token) }.map { $0 + 1 }
    }

    /// Takes over what is plugged in now.
    ///
    /// - Parameter end: until when a new device is certified.
    /// - Returns: the numbers of those that came and of those that went.
    mutating func update(
        with tokens: [TokenDescription],
        certifiedUntil end: (TokenDescription) async -> Date?
    ) async -> (came: [Int], went: [Int]) {
        var came: [Int] = []
        var went: [Int] = []
        for index in devices.indices where devices[index].isPluggedIn {
            guard !tokens.contains(where: devices[index].isSame) else { continue }
            devices[index].isPluggedIn = false
            went.append(index + 1)
        }
        for token in tokens {
            if let number = number(of: token) {
                guard !devices[number - 1].isPluggedIn else { continue }
                devices[number - 1].isPluggedIn = true
                came.append(number)
            } else {
                add(token, certifiedUntil: await end(token))
                came.append(devices.count)
            }
        }
        return (came, went)
    }
}
