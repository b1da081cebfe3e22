// SPDX-License-Identifier: Apache-2.0

public import Foundation
import Hummingbird
import HummingbirdHTTP2
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL

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
            autoApprove: configuration.autoApprove,
            devices: devices.isEmpty ? CertifiedModel.usual : devices
        )
        let desk = FaultDesk(configuration.faults)
        let router = Router(context: CAContext.self)
        router.middlewares.add(
            FaultMiddleware(desk: desk, log: try RequestLog(directory.appending(path: "requests.log")))
        )
        Routes(registry: registry).add(to: router)
        StatusServices(registry: registry).add(to: router)
        let portFile = directory.appending(path: "port")
        let known = (try? String(contentsOf: portFile, encoding: .utf8)).flatMap { Int($0) }
        let app = Application(
            router: router,
            server: try .http2Upgrade(tlsConfiguration: try tls(authority)),
            configuration: ApplicationConfiguration(
                address: .hostname("127.0.0.1", port: configuration.port == 0 ? known ?? 0 : configuration.port),
                serverName: "mock-ca"
            ),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? 0
                let url = "https://127.0.0.1:\(port)/"
                try? Data("\(port)".utf8).write(to: portFile)
                try? OperatorSocket(directory: directory).serve { await Operator(registry, desk).answer($0) }
                ready(Ready(url: url, caBundle: authority.bundle.path, pid: ProcessInfo.processInfo.processIdentifier))
            },
            logger: Logger(label: "mock-ca") { _ in SwiftLogNoOpLogHandler() }
        )
        try await app.runService()
    }

    private func tls(_ authority: Authority) throws -> TLSConfiguration {
        let chain = try NIOSSLCertificate.fromPEMFile(authority.serverCertificate.path)
        let key = try NIOSSLPrivateKey(file: authority.serverKey.path, format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = .tlsv12
        return configuration
    }
}

/// Does what the operator asks.
struct Operator: Sendable {
    private let registry: Registry
    private let desk: FaultDesk

    init(_ registry: Registry, _ desk: FaultDesk) {
        self.registry = registry
        self.desk = desk
    }

    func answer(_ request: OperatorRequest) async -> OperatorAnswer {
        do {
            return OperatorAnswer(error: nil, requests: try await act(request).map(Self.row))
        } catch let problem as Problem {
            return OperatorAnswer(error: "\(problem.title): \(problem.detail)", requests: [])
        } catch {
            return OperatorAnswer(error: "\(error)", requests: [])
        }
    }

    private func act(_ request: OperatorRequest) async throws -> [RequestRecord] {
        let subject = request.subject ?? ""
        switch request.verb {
        case "approve": return [try await registry.approve(subject, name: request.text)]
        case "reject": return [try await registry.reject(subject, reason: request.text ?? "")]
        case "revoke": return [try await registry.revoke(serialNumber: subject)]
        case "list": return await registry.all
        case "fault":
            guard let fault = Fault(subject) else { throw Problem(400, "request_invalid", "no such fault: \(subject)") }
            await desk.order(fault)
            return []
        case "clear-faults":
            await desk.clear()
            return []
        default: throw Problem(400, "request_invalid", "no such verb: \(request.verb)")
        }
    }

    private static func row(_ record: RequestRecord) -> OperatorAnswer.Row {
        OperatorAnswer.Row(
            id: record.id,
            status: record.state.rawValue,
            serialNumber: record.serialNumber,
            publicKeySHA256: record.publicKeyHash
        )
    }
}
