using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Acceptance;

/// <summary>A service as its application wants it now.</summary>
public sealed record CurrentService(string ServiceId, int Revision, int Replicas, ServiceSpec Spec);
