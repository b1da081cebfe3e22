// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A moment as the API writes it: RFC 3339 with seconds, or a bare date that stands for the last second of its day.
struct APITime: Decodable {
    let date: Date

    init?(_ text: String) {
        guard text.utf8.count <= 40 else { return nil }
        let seconds = Date.ISO8601FormatStyle()
        let fractions = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        if let date = (try? seconds.parse(text)) ?? (try? fractions.parse(text)) {
            self.date = date
        } else if text.utf8.count == 10, let day = try? seconds.parse("\(text)T23:59:59Z") {
            date = day
        } else {
            return nil
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let time = APITime(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no RFC 3339 time")
        }
        self = time
    }
}
