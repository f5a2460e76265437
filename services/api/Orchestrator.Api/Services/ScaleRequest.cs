namespace Orchestrator.Api.Services;

internal sealed record ScaleRequest(int? Replicas);
