// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Enrollment
internal import OpenSSLKit

/// Issuers that the person has in a file, for a certificate that comes without them.
struct ChainOptions: ParsableArguments {
    @Option(
        name: .customLong("chain"),
        help: help(
            "Certificates of issuers that did not come with it.",
            "Certifikáty vydavatelů, které s ním nepřišly.",
            value: "file"
        ),
        completion: .file(extensions: ["pem", "cer", "crt", "der", "p7b", "p7c"])
    )
    var file: String?

    /// Issuers are of use only where a certificate is waited for.
    func requireWait(_ waiting: WaitOptions) throws {
        guard file != nil, waiting.minutes == nil else { return }
        throw ValidationError(inHelpLanguage("--chain needs --wait", "--chain potřebuje --wait"))
    }

    /// What stands for it in the command that asks nothing.
    var given: [EquivalentCommand.Part] { [.option("--chain", file)] }

    /// The certificates in the file, DER; none where no file was named.
    ///
    /// - Throws: `CommandError` for a file that cannot be read, `certificateUnreadable` for one that holds no certificate.
    func certificates() throws -> [[UInt8]] {
        guard let file else { return [] }
        let bytes = try ForeignFile.read(file, atMost: CertificateBundle.largestBundle)
        do {
            return try CertificateBundle(bytes).certificates
        } catch {
            throw EnrollmentError.tokenWork(.certificateUnreadable(error))
        }
    }
}
