// SPDX-License-Identifier: Apache-2.0

import Foundation
import X509

/// Who asks about a binding.
enum Asker: Sendable {
    case anybody
    /// The holder of an access token.
    case token(String)
    /// The holder of the key of a certificate.
    case certificate(Certificate)
}

extension Registry {
    // MARK: Making

    /// That a device is free, or bound to this very holder.
    func requireNoConflict(_ submission: Wire.Submission, holder: String) throws(Problem) {
        guard let device = submission.device, let binding = ledger.bindings[device.serial],
            let bound = binding.name(of: submission.holder), bound != holder
        else { return }
        throw Problem(409, "binding_conflict", "it is \(device.serial)")
    }

    /// Who a request is of that states no name: whoever the device is bound to. The branch has the last word.
    func boundHolder(of submission: Wire.Submission, named name: String?) -> String? {
        guard name == nil, submission.contact?.name == nil, let device = submission.device else { return nil }
        return ledger.bindings[device.serial]?.name(of: submission.holder)
    }

    /// The binding of a qualified device once a certificate of this holder is on it; `nil` where none is made.
    func binding(after record: RequestRecord) -> BindingRecord? {
        guard let device = record.submission.device, devices.contains(where: { $0.model == device.model }) else {
            return nil
        }
        var binding =
            ledger.bindings[device.serial]
            ?? BindingRecord(id: UUID().uuidString, deviceSerial: device.serial, model: device.model, since: Date())
        switch record.submission.holder {
        case .person: binding.person = record.holderName
        case .seal: binding.organisation = record.holderName
        }
        return binding
    }

    // MARK: Telling

    func binding(of serial: String, to asker: Asker) throws -> Wire.Binding {
        guard let binding = ledger.bindings[serial] else {
            return Wire.Binding(deviceSerial: serial, state: .free)
        }
        return try description(of: binding, isWhole: try mayKnow(asker, of: binding))
    }

    private func mayKnow(_ asker: Asker, of binding: BindingRecord) throws -> Bool {
        switch asker {
        case .anybody: return false
        case .token(let token):
            guard let record = ledger.requests.values.first(where: { $0.accessToken == token }) else {
                throw Problem(403, "token_wrong", "the access token is of no request")
            }
            return binding.isOf(record)
        case .certificate(let certificate):
            guard let record = try? self.record(of: certificate), (try? requireUsable(record)) != nil else {
                return false
            }
            return binding.isOf(record) || isAuthorised(record, for: binding)
        }
    }

    func description(of binding: BindingRecord, isWhole: Bool) throws -> Wire.Binding {
        var answer = Wire.Binding(deviceSerial: binding.deviceSerial, state: .bound)
        answer.id = binding.id
        guard isWhole else { return answer }
        let name = binding.person ?? binding.organisation ?? ""
        let person = ledger.people[name]
        let certificates = try certificates(of: binding)
        answer.since = binding.since
        answer.model = binding.model
        answer.holder = .init(
            name: name,
            employeeNumber: person?.employeeNumber,
            organisation: person?.organisation ?? binding.organisation
        )
        answer.certificates = certificates
        answer.releasable = !certificates.contains { $0.status == .valid }
        return answer
    }

    private func certificates(of binding: BindingRecord) throws -> [Wire.BoundCertificate] {
        try all.filter { $0.submission.device?.serial == binding.deviceSerial && binding.isOf($0) }
            .compactMap { try boundCertificate($0) }
    }

    // MARK: Authorised persons

    private func isAuthorised(_ record: RequestRecord, for binding: BindingRecord) -> Bool {
        guard let serial = record.serialNumber, let organisation = ledger.authorised[serial] else { return false }
        return organisation == binding.organisation
            || binding.person.flatMap { ledger.people[$0]?.organisation } == organisation
    }

    func bindings(
        name: String?,
        employeeNumber: String?,
        deviceSerial: String?,
        for certificate: Certificate
    ) throws -> Wire.BindingList {
        guard let asker = try? record(of: certificate), (try? requireUsable(asker)) != nil,
            let serial = asker.serialNumber, ledger.authorised[serial] != nil
        else { throw Problem(403, "not_authorised", "this certificate is not of an authorised person") }
        let found = ledger.bindings.values.filter { binding in
            let holder = binding.person ?? binding.organisation ?? ""
            return isAuthorised(asker, for: binding)
                && (name.map { holder.localizedCaseInsensitiveContains($0) } ?? true)
                && (employeeNumber.map { ledger.people[holder]?.employeeNumber == $0 } ?? true)
                && (deviceSerial.map { binding.deviceSerial == $0 } ?? true)
        }
        let sorted = found.sorted { $0.deviceSerial < $1.deviceSerial }.prefix(100)
        return Wire.BindingList(bindings: try sorted.map { try description(of: $0, isWhole: true) })
    }

    // MARK: Releasing

    func release(_ order: Wire.ReleaseOrder, signedBy signer: Certificate) throws -> Wire.Binding {
        let author = try record(of: signer)
        if let released = ledger.released[order.binding], released.deviceSerial == order.deviceSerial {
            try requireMayRelease(author, released)
            return Wire.Binding(
                deviceSerial: released.deviceSerial,
                state: .free,
                id: released.id,
                releasedAt: released.releasedAt
            )
        }
        guard let binding = ledger.bindings[order.deviceSerial], binding.id == order.binding else {
            throw Problem(404, "binding_unknown", "the device is not bound so")
        }
        try requireMayRelease(author, binding)
        let valid = try certificates(of: binding).filter { $0.status == .valid }
        guard valid.isEmpty else {
            var problem = Problem(409, "binding_certificates_valid", "\(valid.count) certificates are still valid")
            problem.certificates = valid
            throw problem
        }
        var released = binding
        released.releasedAt = Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down))
        try change { ledger in
            ledger.bindings[binding.deviceSerial] = nil
            ledger.released[binding.id] = released
        }
        return Wire.Binding(
            deviceSerial: binding.deviceSerial,
            state: .free,
            id: binding.id,
            releasedAt: released.releasedAt
        )
    }

    private func requireMayRelease(_ author: RequestRecord, _ binding: BindingRecord) throws {
        if binding.isOf(author) {
            let isOnDevice = author.submission.device?.serial == binding.deviceSerial
            // Whoever signs with a key on the device has the device; only a stolen key proves nothing.
            if isOnDevice, author.revocationReason != .keyCompromise { return }
        } else if !isAuthorised(author, for: binding) {
            throw Problem(403, "not_authorised", "the signer is neither the holder nor authorised for the holder")
        }
        try requireUsable(author)
    }
}
