// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials

/// What a slot offers (PKCS#11 2.40, section 5.5).
extension Slot {
    /// The key algorithms that the mechanism list has.
    func algorithms() throws(KeyStoreError) -> [KeyAlgorithm] {
        let mechanisms = try mechanismList()
        var ranges: [CK_MECHANISM_TYPE: ClosedRange<Int>] = [:]
        for mechanism in [CKM_RSA_PKCS_KEY_PAIR_GEN, CKM_EC_KEY_PAIR_GEN] where mechanisms.contains(mechanism) {
            ranges[mechanism] = try keySizes(of: mechanism)
        }
        return KeyAlgorithm.allCases.filter {
            ranges[$0.generationMechanism]?.contains($0.mechanismKeySize) ?? false
        }
    }

    private func mechanismList() throws(KeyStoreError) -> Set<CK_MECHANISM_TYPE> {
        for capacity in [256, 4096] {
            var list = [CK_MECHANISM_TYPE](repeating: 0, count: capacity)
            var count = CK_ULONG(capacity)
            do throws(KeyStoreError) {
                try module.call("C_GetMechanismList") { $0.pointee.C_GetMechanismList?(id, &list, &count) }
                return Set(list.prefix(Int(clamping: count)))
            } catch  where error.isReturnValue(CKR_BUFFER_TOO_SMALL) {
                continue
            }
        }
        throw KeyStoreError(returnValue: CKR_BUFFER_TOO_SMALL, function: "C_GetMechanismList", secret: nil)
    }

    private func keySizes(of mechanism: CK_MECHANISM_TYPE) throws(KeyStoreError) -> ClosedRange<Int>? {
        var info = CK_MECHANISM_INFO()
        try module.call("C_GetMechanismInfo") { $0.pointee.C_GetMechanismInfo?(id, mechanism, &info) }
        let smallest = Int(clamping: info.ulMinKeySize)
        let largest = Int(clamping: info.ulMaxKeySize)
        return smallest <= largest ? smallest...largest : nil
    }
}
