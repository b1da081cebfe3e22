// SPDX-License-Identifier: Apache-2.0

import Foundation
import X509

extension Registry {
    /// Takes an order that its signer, and nobody else, may give.
    func renew(_ order: Wire.RenewalOrder, signedBy signer: Certificate, idempotencyKey: String) throws -> RequestRecord
    {
        if let id = ledger.submissions[idempotencyKey], let record = ledger.requests[id] {
            guard record.order == order else {
                throw Problem(422, "idempotency_key_reused", "the key was used with another request")
            }
            return record
        }
        let old = try self.record(of: signer)
        guard try self.record(of: order.replaces).id == old.id else {
            throw Problem(422, "signature_invalid", "the signer is not the certificate that is to be replaced")
        }
        try requireRenewable(old)
        let submission = Wire.Submission(
            profile: old.submission.profile,
            holder: old.submission.holder,
            csr: order.csr,
            contact: order.contact,
            device: order.device,
            locale: order.locale
        )
        var record = try newRecord(for: submission, holder: old.holderName)
        record.state = .approved
        record.order = order
        record.replaced = old.id
        try require(order.term, for: old.holderName)
        if let code = order.voucher {
            guard let use = ledger.vouchers[code] else { throw Problem(422, "voucher_invalid", "no such voucher") }
            guard use.request == nil else { throw Problem(422, "voucher_invalid", "the voucher was used before") }
        }
        try change { ledger in
            ledger.requests[record.id] = record
            ledger.submissions[idempotencyKey] = record.id
            if let code = order.voucher { ledger.vouchers[code] = VoucherRecord(request: record.id) }
        }
        return record
    }

    private func requireRenewable(_ old: RequestRecord) throws(Problem) {
        guard old.submission.holder == .person else {
            throw Problem(422, "renewal_not_offered", "a seal is followed by a new request")
        }
        try requireUsable(old)
        let followers = ledger.requests.values.filter { $0.replaced == old.id }
        if let follower = followers.first(where: { ![.rejected, .expired, .withdrawn, .revoked].contains($0.state) }) {
            throw Problem(409, "already_renewed", "by \(follower.id)")
        }
        if let days = rules.renewalWindow, let end = old.notAfter,
            end.timeIntervalSinceNow > TimeInterval(days * 86_400)
        {
            throw Problem(409, "too_early", "renewals are taken in the last \(days) days")
        }
    }

    /// That a certificate may still sign.
    func requireUsable(_ record: RequestRecord) throws(Problem) {
        if let revoked = record.revoked { throw Problem(409, "certificate_revoked", revoked.formatted(.iso8601)) }
        if let end = record.notAfter, end <= Date() {
            throw Problem(409, "certificate_expired", end.formatted(.iso8601))
        }
    }

    private func require(_ term: Wire.Term, for holder: String) throws(Problem) {
        guard term == .multiYear else { return }
        let needed = [holder, ledger.people[holder]?.organisation].compactMap(\.self)
        if let missing = needed.first(where: { !ledger.multiYear.contains($0) }) {
            throw Problem(422, "multi_year_not_enabled", "not for \(missing)")
        }
    }
}
