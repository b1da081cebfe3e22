// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// The numbers of a key on their way into OpenSSL. Its builder copies nothing before the end, not even the names, so
/// everything is kept here for as long.
final class KeyParameters {
    private let builder: OpaquePointer
    private var memory: [UnsafeMutableRawBufferPointer] = []
    private var numbers: [OpaquePointer] = []

    init() throws(OpenSSLError) {
        guard let builder = OSSL_PARAM_BLD_new() else { throw OpenSSLError(.failed) }
        self.builder = builder
    }

    deinit {
        OSSL_PARAM_BLD_free(builder)
        for number in numbers { BN_free(number) }
        for block in memory { block.deallocate() }
    }

    func add(_ name: String, number bytes: [UInt8]) throws(OpenSSLError) {
        guard let number = BN_bin2bn(bytes, Int32(bytes.count), nil) else { throw OpenSSLError(.failed) }
        numbers.append(number)
        try require(OSSL_PARAM_BLD_push_BN(builder, keep(name), number))
    }

    func add(_ name: String, text: String) throws(OpenSSLError) {
        try require(OSSL_PARAM_BLD_push_utf8_string(builder, keep(name), keep(text), 0))
    }

    func add(_ name: String, bytes: [UInt8]) throws(OpenSSLError) {
        try require(OSSL_PARAM_BLD_push_octet_string(builder, keep(name), keep(bytes).baseAddress, bytes.count))
    }

    /// The public key of these numbers; `kind` is "RSA" or "EC".
    func publicKey(_ kind: String) throws(OpenSSLError) -> EVPKeyHandle {
        guard let parameters = OSSL_PARAM_BLD_to_param(builder) else { throw OpenSSLError(.failed) }
        defer { OSSL_PARAM_free(parameters) }
        guard let context = EVP_PKEY_CTX_new_from_name(nil, kind, nil) else { throw OpenSSLError(.failed) }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_fromdata_init(context) == 1,
            EVP_PKEY_fromdata(context, &key, isignum_public_key, parameters) == 1, let key
        else { throw OpenSSLError(.keyNotSupported, "public key") }
        return EVPKeyHandle(key)
    }

    private func require(_ result: Int32) throws(OpenSSLError) {
        guard result == 1 else { throw OpenSSLError(.failed, "parameter") }
    }

    private func keep(_ text: String) -> UnsafePointer<CChar>? {
        UnsafeRawBufferPointer(keep(Array(text.utf8) + [0])).bindMemory(to: CChar.self).baseAddress
    }

    private func keep(_ bytes: [UInt8]) -> UnsafeMutableRawBufferPointer {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: max(bytes.count, 1), alignment: 1)
        block.copyBytes(from: bytes)
        memory.append(block)
        return block
    }
}
