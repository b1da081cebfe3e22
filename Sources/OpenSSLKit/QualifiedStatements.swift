// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// What the qcStatements extension says (RFC 3739, section 3.2.6; ETSI EN 319 412-5, section 4).
public struct QualifiedStatements: Sendable, Equatable {
    /// QcCompliance: the certificate is qualified.
    public var isQualified = false
    /// QcSSCD: the key lives on a qualified device. This is the QESCD marker.
    public var isOnQualifiedDevice = false
    /// QcType: the purposes, as dotted identifiers.
    public var types: [String] = []
    /// Whether the extension cannot be read, or is there twice: then nothing counts as said.
    public var isMalformed = false

    /// The purpose of electronic signatures.
    public static let signature = "0.4.0.1862.1.6.1"
    /// The purpose of electronic seals.
    public static let seal = "0.4.0.1862.1.6.2"

    /// Nothing said.
    public init() {}

    /// Something said that cannot be read.
    static let malformed: QualifiedStatements = {
        var statements = QualifiedStatements()
        statements.isMalformed = true
        return statements
    }()

    /// Reads the value of the extension; nothing may follow it.
    public init(der: [UInt8]) throws(OpenSSLError) {
        for statement in try DERReader.children(of: der, tag: 0x30) {
            let parts = try DERReader.elements(in: DERReader.content(of: statement, tag: 0x30))
            guard let identifier = parts.first, parts.count <= 2 else { throw OpenSSLError(.malformed, "qcStatements") }
            switch try DERReader.objectIdentifier(identifier) {
            case "0.4.0.1862.1.1": isQualified = true
            case "0.4.0.1862.1.4": isOnQualifiedDevice = true
            case "0.4.0.1862.1.6":
                guard parts.count == 2 else { throw OpenSSLError(.malformed, "QcType") }
                for type in try DERReader.children(of: parts[1], tag: 0x30) {
                    types.append(try DERReader.objectIdentifier(type))
                }
            default: continue
            }
        }
    }
}

/// Just enough of DER (X.690) to walk the statements, which OpenSSL does not know: it finds the borders.
enum DERReader {
    /// The elements that a constructed element holds.
    static func children(of der: [UInt8], tag: UInt8) throws(OpenSSLError) -> [[UInt8]] {
        try elements(in: content(of: der, tag: tag))
    }

    static func content(of der: [UInt8], tag: UInt8) throws(OpenSSLError) -> [UInt8] {
        let (header, length) = try measure(der[...])
        guard der.first == tag, header + length == der.count else { throw OpenSSLError(.malformed, "DER") }
        return Array(der[header...])
    }

    static func elements(in bytes: [UInt8]) throws(OpenSSLError) -> [[UInt8]] {
        var rest = bytes[...]
        var elements: [[UInt8]] = []
        while !rest.isEmpty {
            let (header, length) = try measure(rest)
            guard elements.count < 64 else { throw OpenSSLError(.tooLarge, "DER") }
            elements.append(Array(rest.prefix(header + length)))
            rest = rest.dropFirst(header + length)
        }
        return elements
    }

    static func objectIdentifier(_ der: [UInt8]) throws(OpenSSLError) -> String {
        let object = der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var cursor = buffer.baseAddress
            // OpenSSL looks at the number of the tag alone, not at its class.
            guard buffer.first == 0x06 else { return nil }
            guard let object = d2i_ASN1_OBJECT(nil, &cursor, buffer.count) else { return nil }
            guard let end = cursor, let start = buffer.baseAddress, end - start == buffer.count else {
                ASN1_OBJECT_free(object)
                return nil
            }
            return object
        }
        guard let object else { throw OpenSSLError(.malformed, "object identifier") }
        defer { ASN1_OBJECT_free(object) }
        return objectText(object)
    }

    /// The lengths of the header and of the content of the first element.
    private static func measure(_ bytes: ArraySlice<UInt8>) throws(OpenSSLError) -> (header: Int, length: Int) {
        let result = Array(bytes).withUnsafeBufferPointer { buffer -> (Int, Int)? in
            var cursor = buffer.baseAddress
            var length = 0
            var tag = Int32(0)
            var group = Int32(0)
            let flags = ASN1_get_object(&cursor, &length, &tag, &group, buffer.count)
            // 0x80 is an error, 0x01 an indefinite length, which DER does not have.
            guard flags & 0x81 == 0, let cursor, let start = buffer.baseAddress else { return nil }
            return (cursor - start, length)
        }
        guard let result, result.0 + result.1 <= bytes.count else { throw OpenSSLError(.malformed, "DER") }
        return result
    }
}
