// SPDX-License-Identifier: Apache-2.0

public import Foundation
import Hummingbird
import HummingbirdHTTP2
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// A small certification authority that speaks the Enrolment API on 127.0.0.1.
public struct Server: Sendable {
    /// How a server is to run.
    public struct Configuration: Sendable {
        /// Where keys, certificates, requests and the log are kept.
        public var directory: URL
        /// The port; 0 takes the one of the last time, or any that is free.
        public var port: Int
        /// Seconds after which a request is issued without an operator; `nil` for never.
        public var autoApprove: Double?
        /// Whether renewals wait for an operator too; otherwise they are issued when they are asked about.
        public var renewalsWait = false
        /// The days before its end in which a certificate can be renewed; `nil` for all.
        public var renewalWindow: Int?
        /// The address that certificates name for lists, the responder and issuers' certificates; `nil` for the port
        /// without TLS on which they are served.
        public var statusURL: URL?
        /// The certified devices, "MODEL=YYYY-MM-DD"; empty for the usual ones.
        public var devices: [String]
        /// What goes wrong from the start.
        public var faults: [Fault]

        /// Says how.
        public init(directory: URL, port: Int, autoApprove: Double?, devices: [String], faults: [Fault]) {
            self.directory = directory
            self.port = port
            self.autoApprove = autoApprove
            self.devices = devices
            self.faults = faults
        }
    }

    /// The line that tells that the server is ready.
    public struct Ready: Codable, Sendable {
        /// The address of the API.
        public var url: String
        /// The file of trust anchors.
        public var caBundle: String
        /// The process.
        public var pid: Int32
    }

    private let configuration: Configuration

    /// Prepares a server; nothing is made or opened yet.
    public init(_ configuration: Configuration) { self.configuration = configuration }

    /// Serves until the task or the process is told to stop.
    ///
    /// - Parameter ready: called once, when questions can be asked.
    public func run(ready: @escaping @Sendable (Ready) -> Void) async throws {
        let directory = configuration.directory
        try FileManager.default.createDirectory(
            at: directory,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let authority = try Authority(directory: directory)
        let devices = configuration.devices.compactMap { CertifiedModel($0) }
        let registry = try Registry(
            authority: authority,
            directory: directory,
            rules: .init(
                autoApprove: configuration.autoApprove,
                renewalsWait: configuration.renewalsWait,
                renewalWindow: configuration.renewalWindow
            ),
            devices: devices.isEmpty ? CertifiedModel.usual : devices
        )
        let desk = FaultDesk(configuration.faults)
        let faults = FaultMiddleware(desk: desk, log: try RequestLog(directory.appending(path: "requests.log")))
        let router = Router(context: CAContext.self)
        router.middlewares.add(faults)
        Routes(registry: registry).add(to: router)
        OrderRoutes(registry: registry).add(to: router)
        StatusServices(registry: registry).add(to: router)
        let plainRouter = Router(context: CAContext.self)
        plainRouter.middlewares.add(faults)
        StatusServices(registry: registry).add(to: plainRouter)
        // Ready is who can be asked on both ports.
        let missing = Mutex(2)
        let urls = Mutex<[Listener: String]>([:])
        let running: @Sendable (Listener, Int) async -> Void = { listener, port in
            let url = "\(listener.scheme)://127.0.0.1:\(port)/"
            try? Data("\(port)".utf8).write(to: directory.appending(path: listener.rawValue))
            urls.withLock { $0[listener] = url }
            if listener == .status { await registry.serveStatus(at: configuration.statusURL ?? URL(string: url)) }
            guard
                missing.withLock({ missing in
                    missing -= 1; return missing == 0
                })
            else { return }
            try? OperatorSocket(directory: directory).serve { await Operator(registry, desk).answer($0) }
            ready(
                Ready(
                    url: urls.withLock { $0[.api] ?? "" },
                    caBundle: authority.bundle.path,
                    pid: ProcessInfo.processInfo.processIdentifier
                )
            )
        }
        var app = Application(
            router: router,
            server: try .http2Upgrade(
                tlsConfiguration: try tls(authority),
                configuration: .init(streamConfiguration: .init(additionalChannelHandlers: [DateOnOrder()]))
            ),
            configuration: address(of: .api),
            onServerRunning: { await running(.api, $0.localAddress?.port ?? 0) },
            logger: Self.silent
        )
        app.addServices(
            Application(
                router: plainRouter,
                configuration: address(of: .status),
                onServerRunning: { await running(.status, $0.localAddress?.port ?? 0) },
                logger: Self.silent
            )
        )
        try await app.runService()
    }

    /// Where questions come in; the raw value is the file that keeps the port.
    private enum Listener: String {
        case api = "port"
        /// Lists, the responder and issuers' certificates, without TLS, as certificates name them.
        case status = "status-port"

        var scheme: String { self == .api ? "https" : "http" }
    }

    private static let silent = Logger(label: "mock-ca") { _ in SwiftLogNoOpLogHandler() }

    private func address(of listener: Listener) -> ApplicationConfiguration {
        let file = configuration.directory.appending(path: listener.rawValue)
        let known = (try? String(contentsOf: file, encoding: .utf8)).flatMap { Int($0) } ?? 0
        let port = listener == .api && configuration.port != 0 ? configuration.port : known
        return ApplicationConfiguration(address: .hostname("127.0.0.1", port: port), serverName: "mock-ca")
    }

    private func tls(_ authority: Authority) throws -> TLSConfiguration {
        let chain = try NIOSSLCertificate.fromPEMFile(authority.serverCertificate.path)
        let key = try NIOSSLPrivateKey(file: authority.serverKey.path, format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = .tlsv12
        // Whoever shows a certificate must have one of ours; nobody must show any.
        configuration.certificateVerification = .optionalVerification
        configuration.sendCANameList = true
        configuration.trustRoots = .certificates(
            try [authority.root, authority.qualified, authority.commercial].map { issuer in
                try NIOSSLCertificate(bytes: try issuer.certificate.der, format: .der)
            }
        )
        return configuration
    }
}
