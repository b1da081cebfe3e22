// SPDX-License-Identifier: Apache-2.0

internal import CCurl

/// What a failed transfer means to the person who waits for it.
enum TransferFailure {
    /// - Parameters:
    ///   - verdict: OpenSSL's X509_V_ERR number for the server's certificate.
    ///   - hasBegun: whether a part of an answer had come.
    ///   - isConnected: whether somebody was there to talk to: what is wrong then is what was said, not the address.
    ///   - proxyStatus: what a proxy answered that was asked for the connection.
    static func kind(
        of code: CURLcode,
        verdict: Int,
        hasBegun: Bool,
        isConnected: Bool = false,
        proxyStatus: Int? = nil
    ) -> CAError.Code {
        if let proxyStatus, !(200...299).contains(proxyStatus), code != CURLE_ABORTED_BY_CALLBACK {
            return .proxyRefused
        }
        return switch code {
        case CURLE_PEER_FAILED_VERIFICATION: certificateFailure(verdict)
        case CURLE_SSL_CACERT_BADFILE: .anchorsUnusable
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_ENGINE_NOTFOUND,
            CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED:
            .tlsFailed
        case CURLE_SSL_CLIENTCERT, CURLE_SSL_CERTPROBLEM: .clientCertificateRefused
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT,
            CURLE_OPERATION_TIMEDOUT, CURLE_PROXY, CURLE_INTERFACE_FAILED:
            .unreachable
        case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_HTTP2,
            CURLE_HTTP2_STREAM, CURLE_SEND_FAIL_REWIND:
            .answerCutOff
        case tooLarge, CURLE_FILESIZE_EXCEEDED: .answerTooLarge
        // What older versions say of a line that is longer than they take.
        case CURLE_OUT_OF_MEMORY where hasBegun: .answerTooLarge
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: isConnected ? .answerInvalid : .profileInvalid
        case CURLE_ABORTED_BY_CALLBACK: .cancelled
        case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT: .unreachable
        default: .answerInvalid
        }
    }

    /// CURLE_TOO_LARGE, which headers before libcurl 8.6 do not name.
    private static let tooLarge = CURLcode(rawValue: 100)

    /// libcurl checks the name by itself, before it asks OpenSSL for its verdict: what it then reports is X509_V_OK or
    /// the X509_V_ERR_UNSPECIFIED that it began with, which no chain ever gets.
    private static func certificateFailure(_ verdict: Int) -> CAError.Code {
        switch verdict {
        case 0, 1, 62, 64: .serverNameMismatch  // also HOSTNAME_MISMATCH, IP_ADDRESS_MISMATCH
        case 9, 10: .serverCertificateExpired  // CERT_NOT_YET_VALID, CERT_HAS_EXPIRED
        case 2, 18, 19, 20, 21, 27, 28: .serverIssuerUnknown
        default: .tlsFailed
        }
    }
}
