// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// A request with the connection that it came over.
struct CAContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

/// What a fault wants of a handler, told beside the call.
enum Ordered {
    @TaskLocal static var variation: Fault.Variation?
    @TaskLocal static var lie: Fault.Lie?
    @TaskLocal static var field: (name: String, value: String)?
}

/// Names the operation, writes the log, turns errors into problem documents, and lets ordered faults happen.
struct FaultMiddleware: RouterMiddleware {
    typealias Context = CAContext

    let desk: FaultDesk
    let log: RequestLog

    func handle(
        _ request: Request,
        context: CAContext,
        next: @concurrent (Request, CAContext) async throws -> Response
    ) async throws -> Response {
        let operation = Operation.name(request.method, request.uri.path)
        let (action, skew) = await desk.count(operation)
        var response = Response(status: .internalServerError)
        switch action {
        case .holdBefore(let path):
            log.write(request, status: 0)
            return try await hold(path)
        case .slow(let milliseconds):
            try await Task.sleep(for: .milliseconds(milliseconds))
            response = try await answer(request, context, next)
        case .certificate(let variation):
            response = try await Ordered.$variation.withValue(variation) { try await answer(request, context, next) }
        case .lie(let lie):
            response = try await Ordered.$lie.withValue(lie) { try await answer(request, context, next) }
        case .with(let name, let value):
            response = try await Ordered.$field.withValue((name, value)) { try await answer(request, context, next) }
        case .problem(let code, let retryAfter):
            response = Problem(Problem.usualStatus(of: code), code, "on order", retryAfter: retryAfter).response()
        case .status, .redirect, .html, .oversize:
            response = Self.instead(of: action)
        default:
            response = try await answer(request, context, next)
        }
        switch action {
        case .holdAfter(let path):
            log.write(request, status: 0)
            return try await hold(path)
        case .drop:
            log.write(request, status: 0)
            try await context.channel.close().get()
        case .cutOff:
            response.body = Self.cutOff
        case .garbled:
            response.body = ResponseBody(byteBuffer: ByteBuffer(string: "{\"id\": \u{1}garbled"))
        default: break
        }
        if let skew { response.headers[.dateOnOrder] = httpDate(Date() + TimeInterval(skew)) }
        log.write(request, status: response.status.code)
        return response
    }

    private func answer(
        _ request: Request,
        _ context: CAContext,
        _ next: (Request, CAContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as Problem {
            return problem.response()
        } catch let error as any HTTPResponseError {
            let code = error.status.code
            return Problem(code, code == 404 ? "not_found" : "request_invalid", "\(error)").response()
        } catch {
            return Problem(500, "internal", "\(error)").response()
        }
    }

    /// Whoever waits for the file may now do what he wants; this exchange never ends.
    private func hold(_ path: String) async throws -> Response {
        try Data().write(to: URL(filePath: path))
        try await Task.sleep(for: .seconds(3_600))
        return Response(status: .serviceUnavailable)
    }

    private static func instead(of action: Fault.Action?) -> Response {
        switch action {
        case .status(let code, let retryAfter):
            var headers = HTTPFields()
            if let retryAfter { headers[.retryAfter] = retryAfter }
            return Response(status: HTTPResponse.Status(code: code), headers: headers)
        case .redirect(let location):
            return Response(status: .temporaryRedirect, headers: [.location: location])
        case .oversize(let size):
            return Response(status: .ok, headers: [.contentType: "application/json"], body: oversize(size))
        default:
            return Response(
                status: .ok,
                headers: [.contentType: "text/html; charset=utf-8"],
                body: ResponseBody(
                    byteBuffer: ByteBuffer(string: "<html><body>Please log in to the network</body></html>")
                )
            )
        }
    }

    private static var cutOff: ResponseBody {
        ResponseBody(contentLength: 1_000) { writer in
            try await writer.write(ByteBuffer(string: "{\"id\":"))
            throw CancellationError()
        }
    }

    private static func oversize(_ size: Int) -> ResponseBody {
        ResponseBody(contentLength: size) { writer in
            let piece = ByteBuffer(repeating: 0x20, count: 65_536)
            var left = size
            while left > 0 {
                try await writer.write(piece.getSlice(at: 0, length: min(left, 65_536)) ?? piece)
                left -= 65_536
            }
            try await writer.finish(nil)
        }
    }
}

/// The operations by the names that faults and the log use.
enum Operation {
    static func name(_ method: HTTPRequest.Method, _ path: String) -> String {
        let parts = path.split(separator: "/").map(String.init)
        guard parts.first == "v1" else { return parts.first ?? "any" }
        switch (parts.count, parts.count > 1 ? parts[1] : "", parts.last) {
        case (1, _, _): return "information"
        case (2, "devices", _): return "devices"
        case (2, "requests:status", _): return "statuses"
        case (2, "requests", _): return "submit"
        case (3, "requests", _): return "status"
        case (4, "requests", "certificate"?): return "certificate"
        case (4, "requests", "protocol"?): return "protocol"
        case (4, "requests", "decision"?): return "decision"
        case (2, "renewals", _): return "renewal"
        case (2, "revocations", _): return "revocation"
        case (2, "bindings", _): return "bindings"
        case (3, "bindings", _): return "binding"
        case (4, "bindings", "release"?): return "release"
        default: return "any"
        }
    }
}

/// A date as HTTP writes it (RFC 9110, section 5.6.7).
private func httpDate(_ date: Date) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = .gmt
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    return formatter.string(from: date)
}
