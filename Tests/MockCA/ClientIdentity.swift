// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOSSL
import SwiftASN1
import X509

extension CAContext {
    /// The certificate that the client showed, which TLS has verified up to our root; `nil` when it showed none.
    var clientCertificate: Certificate? {
        get async throws {
            // An HTTP/2 stream is a channel of its own inside the connection's.
            var channel: (any Channel)? = self.channel
            while let current = channel {
                if let certificate = try? await current.nioSSL_peerCertificate().get() {
                    return try Certificate(derEncoded: try certificate.toDERBytes())
                }
                channel = current.parent
            }
            return nil
        }
    }
}
