// SPDX-License-Identifier: Apache-2.0

public import Credentials

/// An open device: one actor with a queue of its own, because modules block. Next hop: `Session`.
///
/// Each slot is opened when it is first needed and logged in at most once; a secret that a person typed goes to the
/// device once and never again.
public actor PKCS11Token: KeyStore {
    /// The device as it was when it was opened.
    public nonisolated let token: TokenDescription

    nonisolated let device: Device
    private let executor: BlockingExecutor
    private var generalSlot: OpenSlot?
    private var signatureSlot: OpenSlot?
    /// Whether what the device said of its secrets when it was opened may no longer be so.
    private var isStale = false
    /// The mechanism lists, which do not change while the device is open.
    private var offered: [KeyArea: [KeyAlgorithm]] = [:]

    init(_ device: Device, reader: String? = nil) {
        self.device = device
        token = device.description(reader: reader)
        executor = BlockingExecutor(label: "isignum.token")
    }

    /// The queue on which the module is called.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// The areas that are told apart: by a slot of their own, or by keys that want their own code.
    public nonisolated var areas: [KeyArea] { device.qualifiedArea.areas }

    /// The key algorithms that the area's mechanism list has and the profile, where it speaks of keys, allows.
    public func algorithms(in area: KeyArea) throws(KeyStoreError) -> [KeyAlgorithm] {
        if let known = offered[area] { return known }
        let listed = try device.slot(for: area).algorithms()
        let allowed = device.profile.keys?.algorithms
        let all = allowed.map { listed.filter($0.contains) } ?? listed
        offered[area] = all
        return all
    }

    /// What a slot says of itself: what was read when the device was opened, unless a secret was changed since.
    func current(_ slot: Slot) throws(KeyStoreError) -> TokenInfo { isStale ? try slot.refreshed().token : slot.token }

    /// Closes the sessions, which logs out. The store may be used again; it then asks for its secrets again.
    public func close() {
        generalSlot = nil
        signatureSlot = nil
    }

    /// Closes the sessions because a secret gets a new value: what is opened next reads its state anew.
    func closeForNewSecret() {
        close()
        isStale = true
    }

    /// The open slot of an area; opened now when it was not.
    func openSlot(for area: KeyArea) throws(KeyStoreError) -> OpenSlot {
        if area == .qualified, let signature = device.qualifiedArea.ownSlot {
            if let signatureSlot { return signatureSlot }
            let opened = try OpenSlot(isStale ? signature.refreshed() : signature)
            signatureSlot = opened
            return opened
        }
        if let generalSlot { return generalSlot }
        let opened = try OpenSlot(isStale ? device.general.refreshed() : device.general)
        generalSlot = opened
        return opened
    }
}
