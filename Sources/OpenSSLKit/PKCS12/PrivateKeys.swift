// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
internal import Credentials

extension PrivateKeyMaterial {
    /// Takes the numbers out of a key of OpenSSL; `nil` for keys that are not taken, among them RSA keys with more than
    /// two primes.
    init?(_ key: OpaquePointer) {
        guard let publicKey = PublicKey(key), publicKey.algorithm != nil else { return nil }
        var numbers: [Part: OpaquePointer] = [:]
        defer { for number in numbers.values { BN_clear_free(number) } }
        for part in Self.parts(of: publicKey) {
            var number: OpaquePointer?
            guard EVP_PKEY_get_bn_param(key, part.parameter, &number) == 1, let number else { return nil }
            numbers[part] = number
        }
        var third: OpaquePointer?
        if EVP_PKEY_get_bn_param(key, "rsa-factor3", &third) == 1 {
            BN_clear_free(third)
            return nil
        }
        ERR_clear_error()
        var lengths = numbers.mapValues { Int(BN_num_bits($0) + 7) / 8 }
        if case .elliptic(let curve, _) = publicKey.material { lengths[.privateValue] = curve.coordinateLength }
        self.init(of: publicKey, lengths: lengths) { part, room in
            guard let number = numbers[part] else { return false }
            let bytes = room.bindMemory(to: UInt8.self).baseAddress
            return BN_bn2binpad(number, bytes, Int32(room.count)) == Int32(room.count)
        }
    }
}

extension PrivateKeyMaterial.Part {
    /// OpenSSL's name of the number (core_names.h puts most of them together from other macros).
    fileprivate var parameter: String {
        switch self {
        case .privateExponent: OSSL_PKEY_PARAM_RSA_D
        case .firstPrime: "rsa-factor1"
        case .secondPrime: "rsa-factor2"
        case .firstExponent: "rsa-exponent1"
        case .secondExponent: "rsa-exponent2"
        case .coefficient: "rsa-coefficient1"
        case .privateValue: OSSL_PKEY_PARAM_PRIV_KEY
        }
    }
}
