// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// Which CA to talk to, and whom to believe.
public struct CAProfile: Sendable, Equatable {
    /// The name that the user gave it: "postsignum", "demo".
    public var name: String
    /// The address of the API, "https" only, without the version: `https://ca.example/`.
    public var url: URL
    /// A file of certificates that the server's certificate and every issued certificate must lead to; `nil` for
    /// the system's store.
    public var anchorFile: String?
    /// A file of issuers that the CA does not send along; believed only as far as they lead to an anchor.
    public var chainFile: String?

    /// Puts a profile together.
    ///
    /// - Throws: `CAError` with code `profileInvalid` when the address is not absolute and "https", or carries a user,
    ///   a query or a fragment.
    public init(name: String, url: URL, anchorFile: String?, chainFile: String? = nil) throws(CAError) {
        guard url.scheme?.lowercased() == "https", let host = url.host(), !host.isEmpty,
            url.user() == nil, url.query() == nil, url.fragment() == nil
        else { throw CAError(.profileInvalid, detail: url.absoluteString) }
        self.name = name
        self.url = url
        self.anchorFile = anchorFile
        self.chainFile = chainFile
    }
}
