// SPDX-License-Identifier: Apache-2.0

// The value of the qcStatements extension, the one piece of DER that is read here and not in OpenSSL.

func feedQualifiedStatements(_ bytes: [UInt8]) {
    guard let statements = try? QualifiedStatements(der: bytes) else { return }
    precondition(bytes.first == 0x30)
    precondition(statements.types.count <= 64 * 64 && statements.types.allSatisfy { !$0.isEmpty })
    // Each statement is there only where its identifier is.
    precondition(!statements.isQualified || contains(bytes, [0x06, 0x06, 0x04, 0x00, 0x8E, 0x46, 0x01, 0x01]))
    precondition(!statements.isOnQualifiedDevice || contains(bytes, [0x06, 0x06, 0x04, 0x00, 0x8E, 0x46, 0x01, 0x04]))
}

private func contains(_ bytes: [UInt8], _ run: [UInt8]) -> Bool {
    bytes.indices.contains { bytes[$0...].starts(with: run) }
}
