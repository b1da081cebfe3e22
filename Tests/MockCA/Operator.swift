// SPDX-License-Identifier: Apache-2.0

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
            return OperatorAnswer(
                error: nil,
                requests: try await act(request).map {
                    Self.row($0, withCertificate: request.verb == "certificate")
                }
            )
        } catch let problem as Problem {
            return OperatorAnswer(error: "\(problem.title): \(problem.detail)", requests: [])
        } catch {
            return OperatorAnswer(error: "\(error)", requests: [])
        }
    }

    private func act(_ request: OperatorRequest) async throws -> [RequestRecord] {
        let subject = request.subject ?? ""
        switch request.verb {
        case "approve": return [try await registry.approve(subject, name: request.text, daysLeft: request.daysLeft)]
        case "reject": return [try await registry.reject(subject, reason: request.text ?? "")]
        case "revoke":
            let reason = try request.text.map { text in
                guard let reason = Wire.Reason(rawValue: text) else {
                    throw Problem(400, "request_invalid", "no such reason: \(text)")
                }
                return reason
            }
            return [try await registry.revoke(serialNumber: subject, reason: reason)]
        case "voucher": try await registry.addVoucher(subject)
        case "multi-year": try await registry.enableMultiYear(for: subject, request.isOn ?? true)
        case "person":
            try await registry.describe(
                subject,
                employeeNumber: request.employeeNumber,
                organisation: request.organisation
            )
        case "authorise": try await registry.authorise(serialNumber: subject, for: request.organisation)
        case "service":
            guard let service = Service(rawValue: subject) else {
                throw Problem(400, "request_invalid", "no such service: \(subject)")
            }
            try await registry.offer(service, request.isOn ?? true)
        case "list": return await registry.all
        case "certificate": return [try await registry.request(subject)]
        case "fault":
            guard let fault = Fault(subject) else { throw Problem(400, "request_invalid", "no such fault: \(subject)") }
            await desk.order(fault)
        case "clear-faults": await desk.clear()
        default: throw Problem(400, "request_invalid", "no such verb: \(request.verb)")
        }
        return []
    }

    private static func row(_ record: RequestRecord, withCertificate: Bool) -> OperatorAnswer.Row {
        OperatorAnswer.Row(
            id: record.id,
            status: record.state.rawValue,
            serialNumber: record.serialNumber,
            certificate: withCertificate ? record.certificate : nil,
            publicKeySHA256: record.publicKeyHash
        )
    }
}
