// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Enrollment
internal import Foundation

extension Configuration {
    /// The CA that the flags choose, or else the default one, or else the only one. A request keeps to the CA that it
    /// was made for.
    ///
    /// - Throws: `ConfigurationError`, `CAError` with code `profileInvalid`, `CommandError` with `authorityDiffers`.
    func profile(_ options: AuthorityOptions, ofRequest entry: JournalEntry?) throws -> CAProfile {
        let profile = try profile(options, preferring: entry?.authority)
        if let entry, entry.authority != profile.name {
            throw CommandError(.authorityDiffers, [entry.handle, entry.authority])
        }
        return profile
    }

    private func profile(_ options: AuthorityOptions, preferring preferred: String?) throws -> CAProfile {
        let anchors = options.anchors.map { URL(filePath: $0).path(percentEncoded: false) }
        if let text = options.url {
            guard let url = URL(string: text) else { throw CAError(.profileInvalid, detail: text) }
            return try CAProfile(name: options.name ?? Self.name(of: url), url: url, anchorFile: anchors)
        }
        let only = authorities.count == 1 ? authorities.keys.first : nil
        guard let name = options.name ?? preferred ?? defaultAuthority ?? only else {
            throw ConfigurationError(.authorityUnset, file: file, candidates: authorities.keys.sorted())
        }
        guard let authority = authorities[name] else {
            throw ConfigurationError(.authorityUnknown, file: file, key: name, candidates: authorities.keys.sorted())
        }
        return try CAProfile(
            name: name,
            url: authority.url,
            anchorFile: anchors ?? authority.anchors,
            chainFile: authority.chain
        )
    }

    /// A CA that only `--ca-url` names is called by its host, and its port when it is an unusual one.
    static func name(of url: URL) -> String {
        let host = url.host() ?? url.absoluteString
        return url.port.map { "\(host):\($0)" } ?? host
    }
}

extension JournalEntry {
    /// What people call the request by: the CA's identification, or the journal's number before there is one.
    var handle: String { requestID?.text ?? "#\(id)" }

    /// The same for a command line, where a shell takes # for a remark.
    var argument: String { requestID?.text ?? "\(id)" }
}
