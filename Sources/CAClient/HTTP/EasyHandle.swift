// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Credentials
internal import Foundation
internal import OpenSSLKit

/// A libcurl easy handle, set up for one transfer. The settings are here in full: none of them can be turned off.
///
/// It is used on the transfer thread alone.
final class EasyHandle {
    let transfer: Transfer
    let pointer: UnsafeMutableRawPointer
    private let header: UnsafeMutablePointer<curl_slist>?
    private let explanation: UnsafeMutablePointer<CChar>

    /// - Parameters:
    ///   - transfer: gets the callbacks.
    ///   - share: holds the TLS sessions.
    /// - Returns: `nil` when libcurl refuses a setting or memory is short.
    init?(
        for transfer: Transfer,
        anchors: TrustAnchors,
        limits: TransportLimits,
        share: UnsafeMutableRawPointer
    ) {
        guard let easy = curl_easy_init() else { return nil }
        self.transfer = transfer
        pointer = easy
        explanation = .allocate(capacity: Int(CURL_ERROR_SIZE))
        explanation.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        header = Self.list(transfer.request.fields.map(\.line) + ["Expect:"])
        guard header != nil else { return nil }

        let request = transfer.request
        let longs: [(CURLoption, Int)] = [
            (CURLOPT_NOSIGNAL, 1), (CURLOPT_NOPROGRESS, 1), (CURLOPT_FOLLOWLOCATION, 0),
            (CURLOPT_SSL_VERIFYPEER, 1), (CURLOPT_SSL_VERIFYHOST, 2),
            (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
            (CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS)), (CURLOPT_PIPEWAIT, 1),
            (CURLOPT_TCP_NODELAY, 1), (CURLOPT_SUPPRESS_CONNECT_HEADERS, 1),
            // Without it, giving up would wait for the name server.
            (CURLOPT_QUICK_EXIT, 1),
            (CURLOPT_CONNECTTIMEOUT_MS, limits.connecting.milliseconds),
            (CURLOPT_TIMEOUT_MS, limits.whole.milliseconds),
            (CURLOPT_LOW_SPEED_LIMIT, 16),
            (CURLOPT_LOW_SPEED_TIME, max(1, Int(limits.stalled.components.seconds))),
        ]
        let strings: [(CURLoption, String)] = [
            (CURLOPT_URL, request.url.absoluteString), (CURLOPT_USERAGENT, "isignum/\(ClientVersion.current)"),
            (CURLOPT_PROTOCOLS_STR, request.isPublic ? "http,https" : "https"), (CURLOPT_REDIR_PROTOCOLS_STR, "https"),
        ]
        let context = Unmanaged.passUnretained(transfer).toOpaque()
        var codes = longs.map { isignum_setopt_long(easy, $0, $1) }
        codes += strings.map { isignum_setopt_string(easy, $0, $1) }
        codes += [
            isignum_setopt_pointer(easy, CURLOPT_SHARE, share),
            isignum_setopt_pointer(easy, CURLOPT_HTTPHEADER, header),
            isignum_setopt_pointer(easy, CURLOPT_ERRORBUFFER, explanation),
            isignum_setopt_pointer(easy, CURLOPT_HEADERDATA, context),
            isignum_setopt_pointer(easy, CURLOPT_WRITEDATA, context),
            isignum_setopt_write(easy, CURLOPT_HEADERFUNCTION, takeHeader),
            isignum_setopt_write(easy, CURLOPT_WRITEFUNCTION, takeBody),
        ]
        if anchors != .system {
            // A distribution's libcurl would believe its folder of certificates besides the anchors.
            codes.append(isignum_setopt_string(easy, CURLOPT_CAINFO, nil))
            codes.append(isignum_setopt_string(easy, CURLOPT_CAPATH, nil))
            codes.append(isignum_setopt_blob(easy, CURLOPT_CAINFO_BLOB, anchors.pem, anchors.pem.count))
        }
        if request.isPublic { codes.append(isignum_setopt_beyond_link(easy)) }
        if transfer.hasIdentity { codes.append(isignum_setopt_tls(easy, prepareTLS, context)) }
        switch request.method {
        case .get: codes.append(isignum_setopt_long(easy, CURLOPT_HTTPGET, 1))
        case .post:
            codes.append(isignum_setopt_long(easy, CURLOPT_POST, 1))
            // libcurl sends again what got no answer on a connection that was used before. A body that it cannot read a
            // second time keeps it from that: whether an order is repeated is decided by whoever gave it.
            codes.append(isignum_setopt_body(easy, request.body.count, giveBody, context))
        }
        guard codes.allSatisfy({ $0 == CURLE_OK }) else { return nil }
    }

    /// libcurl's own words on the failure; empty when it has none.
    var message: String { String(cString: explanation) }

    /// OpenSSL's verdict on the server's certificate (an X509_V_ERR number).
    var verdict: Int {
        var value = 0
        return isignum_getinfo_long(pointer, CURLINFO_SSL_VERIFYRESULT, &value) == CURLE_OK ? value : 0
    }

    /// Whether a connection was made, to the server or to a proxy, or an open one was taken.
    var isConnected: Bool {
        [CURLINFO_CONNECT_TIME_T, CURLINFO_PRETRANSFER_TIME_T].contains { information in
            var time: curl_off_t = 0
            return isignum_getinfo_microseconds(pointer, information, &time) == CURLE_OK && time > 0
        }
    }

    /// What a proxy answered when it was asked for a connection (RFC 9110, section 9.3.6); `nil` without one.
    var proxyStatus: Int? {
        var value = 0
        guard isignum_getinfo_long(pointer, CURLINFO_HTTP_CONNECTCODE, &value) == CURLE_OK else { return nil }
        return value == 0 ? nil : value
    }

    deinit {
        curl_easy_cleanup(pointer)
        // The list holds the access token.
        var node = header
        while let current = node {
            if let data = current.pointee.data { explicit_bzero(data, strlen(data)) }
            node = current.pointee.next
        }
        curl_slist_free_all(header)
        explanation.deallocate()
    }

    private static func list(_ lines: [String]) -> UnsafeMutablePointer<curl_slist>? {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = curl_slist_append(list, line) else {
                curl_slist_free_all(list)
                return nil
            }
            list = longer
        }
        return list
    }
}

private func prepareTLS(
    _ easy: UnsafeMutableRawPointer?,
    _ tls: UnsafeMutableRawPointer?,
    _ context: UnsafeMutableRawPointer?
) -> CURLcode {
    guard let context, let tls else { return CURLE_SSL_CERTPROBLEM }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.offerIdentity(to: tls) ? CURLE_OK : CURLE_SSL_CERTPROBLEM
}

private func takeHeader(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    take(bytes, size * count, context) { $0.takeHeader($1) }
}

private func giveBody(
    _ room: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context, let room else { return Int(CURL_READFUNC_ABORT) }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.giveBody(UnsafeMutableRawBufferPointer(start: room, count: size * count))
}

private func takeBody(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    take(bytes, size * count, context) { $0.takeBody($1) }
}

/// Anything but the count that was offered ends the transfer.
private func take(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?,
    by body: (Transfer, UnsafeRawBufferPointer) -> Bool
) -> Int {
    guard let context else { return 0 }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return body(transfer, UnsafeRawBufferPointer(start: bytes, count: count)) ? count : -1
}

extension Duration {
    /// Whole milliseconds, at least one: zero means "for ever" to libcurl.
    fileprivate var milliseconds: Int {
        max(1, Int(components.seconds) * 1_000 + Int(components.attoseconds / 1_000_000_000_000_000))
    }
}
