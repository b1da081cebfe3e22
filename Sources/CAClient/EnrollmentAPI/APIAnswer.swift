// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// An answer of the Enrolment API on its way from bytes to meaning: nothing is believed before status and media type
/// have been checked.
struct APIAnswer {
    private let response: HTTPResponse
    private let request: HTTPRequest
    private let limits: TransportLimits

    /// - Parameter expected: the statuses that mean success.
    /// - Throws: what the CA says against the request, or `answerInvalid` for a status that the API does not name.
    init(
        _ response: HTTPResponse,
        to request: HTTPRequest,
        expecting expected: Set<Int>,
        limits: TransportLimits
    ) throws(CAError) {
        self.response = response
        self.request = request
        self.limits = limits
        guard !expected.contains(response.status) else { return }
        throw response.status >= 400 ? refusal : invalid("unexpected status")
    }

    var status: Int { response.status }
    var serverTime: Date? { response.date }
    var tag: String? { response["ETag"].flatMap { $0.utf8.count <= 256 ? $0 : nil } }
    var mediaType: MediaType? { response.mediaType }
    var body: [UInt8] { response.body }

    /// How long the CA asks to wait: the header's word, or the document's.
    func retryAfter(orSeconds seconds: Int64? = nil) -> Duration? {
        response.retryAfter(atMost: limits.longestRetryAfter)
            ?? seconds.map { RetryAfter.bounded($0, atMost: limits.longestRetryAfter) }
    }

    /// Reads the body as JSON.
    func json<Document: Decodable>(_ type: Document.Type) throws(CAError) -> Document {
        guard mediaType?.name == "application/json" else { throw invalid("not application/json") }
        do {
            return try JSONDecoder().decode(type, from: Data(response.body))
        } catch let error as DecodingError {
            throw invalid(Self.explain(error))
        } catch {
            throw invalid("malformed JSON")
        }
    }

    /// Says that the answer breaks the API's promise.
    func invalid(_ detail: String) -> CAError {
        CAError(.answerInvalid, status: response.status, exchange: request.summary, detail: detail)
    }

    private var refusal: CAError {
        let retryAfter = retryAfter()
        guard mediaType?.name == "application/problem+json",
            let problem = try? JSONDecoder().decode(WireAnswer.ProblemDocument.self, from: Data(response.body))
        else {
            return CAError(
                .serverError,
                status: response.status,
                exchange: request.summary,
                retryAfter: retryAfter
            )
        }
        var error = CAError(
            .problem(problem.code.flatMap(CAError.Problem.init) ?? .other),
            status: response.status,
            exchange: request.summary,
            detail: problem.words,
            retryAfter: retryAfter
        )
        // Read by itself: where it is not what it should be, the rest of the document still counts.
        let more = try? JSONDecoder().decode(WireAnswer.ProblemCertificates.self, from: Data(response.body))
        error.certificates = more?.certificates.compactMap(\.bounded) ?? []
        return error
    }

    /// Where the document is wrong, without quoting it: it may hold an access token.
    private static func explain(_ error: DecodingError) -> String {
        let (what, context): (String, DecodingError.Context) =
            switch error {
            case .keyNotFound(let key, let context): ("no \(key.stringValue)", context)
            case .typeMismatch(_, let context): ("wrong type", context)
            case .valueNotFound(_, let context): ("no value", context)
            case .dataCorrupted(let context): ("unusable value", context)
            @unknown default: ("unusable", DecodingError.Context(codingPath: [], debugDescription: ""))
            }
        let path = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: "/")
        return path.isEmpty ? "malformed JSON: \(what)" : "malformed JSON: \(what) at /\(path)"
    }
}

extension WireAnswer.ProblemDocument {
    /// The CA's own words: its title, its explanation, and a line for each field that it found wrong.
    var words: String? {
        var lines = [title, detail].compactMap(\.self).filter { !$0.isEmpty }
        if lines.count == 2, lines[0] == lines[1] { lines.removeLast() }
        for error in (errors ?? []).prefix(20) {
            let parts = [error.pointer ?? error.field, error.detail ?? error.message].compactMap(\.self)
            if !parts.isEmpty { lines.append(parts.joined(separator: ": ")) }
        }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }
}
