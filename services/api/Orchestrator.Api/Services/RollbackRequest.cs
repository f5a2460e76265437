namespace Orchestrator.Api.Services;

/// <param name="To">Null: the newest revision that completed and is another than the present one.</param>
internal sealed record RollbackRequest(int? To);
