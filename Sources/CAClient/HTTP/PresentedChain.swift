// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Credentials
internal import Foundation

/// The certificates with which a server presents itself, before anybody has said whom to believe.
///
/// This is the one handshake that believes nobody: it ends as soon as the certificates are here, before a byte of any
/// request could leave (CURLOPT_CONNECT_ONLY), and what it gives is there to be looked at and compared. Requests go over
/// `Transport`, whose verification nothing turns off.
public enum PresentedChain {
    /// The most certificates that are taken from a server.
    public static let mostCertificates = 32

    /// Shakes hands with a server, sends nothing and hangs up.
    ///
    /// - Returns: the certificates as DER in the server's order, its own first; none of them is proven.
    /// - Throws: `unreachable`, `tlsFailed`; `answerInvalid` when there are none or too many; `cancelled`.
    public static func fetch(
        from profile: CAProfile,
        limits: TransportLimits = TransportLimits()
    ) async throws(CAError) -> [[UInt8]] {
        let cancelled = CancellationFlag()
        let url = profile.url
        let result: Result<[[UInt8]], CAError> = await withTaskCancellationHandler {
            await withCheckedContinuation { waiting in
                let thread = Thread {
                    do throws(CAError) {
                        waiting.resume(returning: .success(try shakeHands(with: url, limits, unless: cancelled)))
                    } catch {
                        waiting.resume(returning: .failure(error))
                    }
                }
                thread.name = "isignum-handshake"
                thread.start()
            }
        } onCancel: {
            cancelled.raise()
        }
        return try result.get()
    }

    private static func shakeHands(
        with url: URL,
        _ limits: TransportLimits,
        unless cancelled: CancellationFlag
    ) throws(CAError) -> [[UInt8]] {
        let exchange = "TLS \(url.absoluteString)"
        guard CurlLibrary.isReady, let easy = curl_easy_init() else {
            throw CAError(.unreachable, exchange: exchange, detail: "libcurl did not start")
        }
        defer { curl_easy_cleanup(easy) }
        var codes = [
            (CURLOPT_NOSIGNAL, 1), (CURLOPT_CONNECT_ONLY, 1), (CURLOPT_CERTINFO, 1), (CURLOPT_NOPROGRESS, 0),
            (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
            // An HTTP/2 connection would begin with words of its own.
            (CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)),
            (CURLOPT_CONNECTTIMEOUT, max(1, Int(limits.connecting.components.seconds))),
            // Whom to believe is what this handshake is to find out.
            (CURLOPT_SSL_VERIFYPEER, 0), (CURLOPT_SSL_VERIFYHOST, 0),
        ].map { isignum_setopt_long(easy, $0, $1) }
        codes += [
            isignum_setopt_string(easy, CURLOPT_URL, url.absoluteString),
            isignum_setopt_string(easy, CURLOPT_PROTOCOLS_STR, "https"),
            isignum_setopt_pointer(easy, CURLOPT_XFERINFODATA, Unmanaged.passUnretained(cancelled).toOpaque()),
            isignum_setopt_progress(easy) { context, _, _, _, _ in
                guard let context else { return 0 }
                return Unmanaged<CancellationFlag>.fromOpaque(context).takeUnretainedValue().isRaised ? 1 : 0
            },
        ]
        guard codes.allSatisfy({ $0 == CURLE_OK }) else {
            throw CAError(.profileInvalid, exchange: exchange, detail: "libcurl refused a setting")
        }
        let code = curl_easy_perform(easy)
        guard code == CURLE_OK else {
            let kind = TransferFailure.kind(of: code, verdict: 0, hasBegun: false)
            throw CAError(kind, exchange: exchange, detail: String(cString: curl_easy_strerror(code)))
        }
        var information: UnsafeMutablePointer<curl_certinfo>?
        guard isignum_getinfo_certificates(easy, &information) == CURLE_OK, let information,
            (1...mostCertificates).contains(Int(information.pointee.num_of_certs))
        else { throw CAError(.answerInvalid, exchange: exchange, detail: "certificates") }
        let certificates = (0..<Int(information.pointee.num_of_certs)).map { index in
            certificate(among: information.pointee.certinfo[index])
        }
        guard !certificates.contains(nil) else {
            throw CAError(.answerInvalid, exchange: exchange, detail: "certificates")
        }
        return certificates.compactMap(\.self)
    }

    /// libcurl describes each certificate in lines; the one that counts is the certificate itself.
    private static func certificate(among lines: UnsafeMutablePointer<curl_slist>?) -> [UInt8]? {
        var node = lines
        while let line = node {
            if let data = line.pointee.data {
                let text = String(cString: data)
                if text.hasPrefix("Cert:") { return PEM.decode(String(text.dropFirst(5)), label: "CERTIFICATE")?.first }
            }
            node = line.pointee.next
        }
        return nil
    }
}
