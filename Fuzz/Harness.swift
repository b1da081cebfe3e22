// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The parsers that can be fed; `Fuzz/run` names one in HARNESS.
enum Harness: String {
    case certificates = "Certificates"
    case certificateBundles = "CertificateBundles"
    case httpFields = "HTTPFields"
    case keyFiles = "KeyFiles"
    case qualifiedStatements = "QCStatements"
    case revocations = "Revocations"

    static let chosen = Harness(rawValue: ProcessInfo.processInfo.environment["HARNESS"] ?? "")

    func feed(_ bytes: [UInt8]) {
        switch self {
        case .certificates: feedCertificates(bytes)
        case .certificateBundles: feedCertificateBundles(bytes)
        case .httpFields: feedHTTPFields(bytes)
        case .keyFiles: feedKeyFiles(bytes)
        case .qualifiedStatements: feedQualifiedStatements(bytes)
        case .revocations: feedRevocations(bytes)
        }
    }
}

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func feed(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let harness = Harness.chosen else { fatalError("HARNESS names no harness") }
    harness.feed(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
