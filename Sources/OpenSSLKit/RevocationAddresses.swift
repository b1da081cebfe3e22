// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
public import Credentials

/// Where a certificate says that its revocation is told and its issuer is found (RFC 5280, sections 4.2.1.13 and
/// 4.2.2.1). Foreign text: nothing says yet that these are addresses.
public struct RevocationAddresses: Sendable, Equatable {
    /// OCSP responders.
    public let responders: [String]
    /// Revocation lists for all reasons, by the issuer itself.
    public let lists: [String]
    /// The issuer's certificate: "http" and "https" alone.
    public let issuers: [String]

    /// No more addresses of a kind are read than this.
    static let most = 8

    /// Reads them out of a certificate.
    public init(of certificate: Certificate) throws(OpenSSLError) {
        let handle = try X509Handle(der: certificate.der)
        responders = Self.access(NID_ad_OCSP, of: handle.pointer)
        issuers = Self.issuers(of: handle.pointer)
        lists = Self.lists(of: handle.pointer)
        ERR_clear_error()
    }

    /// Those that can be fetched: files and directories are somebody else's way.
    static func issuers(of x509: OpaquePointer) -> [String] {
        access(NID_ad_ca_issuers, of: x509) { address in
            ["http://", "https://"].contains { address.lowercased().hasPrefix($0) }
        }
    }

    private static func access(
        _ method: Int32,
        of x509: OpaquePointer,
        where isMeant: (String) -> Bool = { _ in true }
    ) -> [String] {
        guard let found = X509_get_ext_d2i(x509, NID_info_access, nil, nil) else { return [] }
        let access = OpaquePointer(found)
        defer { AUTHORITY_INFO_ACCESS_free(access) }
        let addresses = (0..<isignum_access_count(access)).compactMap { index -> String? in
            guard let description = isignum_access_at(access, index), OBJ_obj2nid(description.pointee.method) == method
            else { return nil }
            return address(description.pointee.location)
        }
        return Array(addresses.filter(isMeant).prefix(most))
    }

    private static func lists(of x509: OpaquePointer) -> [String] {
        guard let found = X509_get_ext_d2i(x509, NID_crl_distribution_points, nil, nil) else { return [] }
        let points = OpaquePointer(found)
        defer { CRL_DIST_POINTS_free(points) }
        let addresses = (0..<isignum_points_count(points)).flatMap { index -> [String] in
            guard let names = isignum_point_names(points, index) else { return [] }
            return (0..<isignum_general_names_count(names)).compactMap { address(isignum_general_name_at(names, $0)) }
        }
        return Array(addresses.prefix(most))
    }

    private static func address(_ name: UnsafeMutablePointer<GENERAL_NAME>?) -> String? {
        guard let name, name.pointee.type == GEN_URI, let text = name.pointee.d.uniformResourceIdentifier else {
            return nil
        }
        return stringText(text)
    }
}
