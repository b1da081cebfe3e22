// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Foundation

/// Where requests stand, as `status --json` shows it.
struct StatusDocument: Encodable {
    /// One request.
    struct Line: Encodable {
        let id: String
        /// A state of the Enrolment API, or `unknown`.
        let status: String
        let type: String?
        let updated: Date?
        let reason: String?

        init(_ status: RequestStatus) {
            id = status.id.text
            self.status = status.state?.rawValue ?? "unknown"
            type = status.type?.rawValue
            updated = status.updated
            reason = status.reason
        }
    }

    let requests: [Line]

    init(_ statuses: [RequestStatus]) { requests = statuses.map(Line.init) }

    /// RFC 4180: a head, lines that end with CR LF, quotes where they are needed.
    var csv: String {
        let rows = requests.map { line in
            [line.id, line.status, line.type ?? "", line.updated?.formatted(.iso8601) ?? "", line.reason ?? ""]
        }
        return ([["id", "status", "type", "updated", "reason"]] + rows).map { row in
            row.map(Self.field).joined(separator: ",") + "\r\n"
        }.joined()
    }

    /// A cell that begins like a formula would be run by a spreadsheet: it gets an apostrophe.
    private static func field(_ text: String) -> String {
        let plain = text.first.map { "=+-@\t\r".contains($0) } ?? false ? "'" + text : text
        guard plain.contains(where: { "\",\r\n".contains($0) || $0.isNewline }) else { return plain }
        return "\"" + plain.replacing("\"", with: "\"\"") + "\""
    }
}
