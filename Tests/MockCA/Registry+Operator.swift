// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What the operator knows and decides beside requests.
extension Registry {
    /// A voucher that is good once; one that was used before stays used.
    func addVoucher(_ code: String) throws {
        guard (1...64).contains(code.unicodeScalars.count) else {
            throw Problem(400, "request_invalid", "a voucher has 1 to 64 characters")
        }
        try change { ledger in ledger.vouchers[code] = ledger.vouchers[code] ?? VoucherRecord(request: nil) }
    }

    func enableMultiYear(for name: String, _ isOn: Bool) throws {
        try change { ledger in
            if isOn { ledger.multiYear.insert(name) } else { ledger.multiYear.remove(name) }
        }
    }

    func describe(_ name: String, employeeNumber: String?, organisation: String?) throws {
        try change { ledger in
            ledger.people[name] = PersonRecord(employeeNumber: employeeNumber, organisation: organisation)
        }
    }

    /// Lets the holder of a certificate act for an organisation; for none any more when it is `nil`.
    func authorise(serialNumber: String, for organisation: String?) throws {
        let wanted = serialNumber.lowercased()
        guard ledger.requests.values.contains(where: { $0.serialNumber == wanted }) else {
            throw Problem(404, "certificate_unknown", serialNumber)
        }
        try change { $0.authorised[wanted] = organisation }
    }

    func offer(_ service: Service, _ isOffered: Bool) throws {
        try change { ledger in
            if isOffered { ledger.withheld.remove(service) } else { ledger.withheld.insert(service) }
        }
    }
}
