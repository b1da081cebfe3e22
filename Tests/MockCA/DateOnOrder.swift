// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Puts the date that a fault wants into an answer. The framework dates every answer itself, after all that a handler of
/// requests can do, so the wished date travels beside it until here.
final class DateOnOrder: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data), let date = head.headerFields[.dateOnOrder] else {
            return context.write(data, promise: promise)
        }
        head.headerFields[.dateOnOrder] = nil
        head.headerFields[.date] = date
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }
}

extension HTTPField.Name {
    /// Where the wished date travels: a field of requests, which no answer bears.
    static let dateOnOrder = HTTPField.Name.ifModifiedSince
}
