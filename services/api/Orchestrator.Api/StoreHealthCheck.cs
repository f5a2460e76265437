using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orchestrator.State;

namespace Orchestrator.Api;

/// <summary>The store answers.</summary>
internal sealed class StoreHealthCheck(IHistoryStore history) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await history.LastSequenceAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (StoreUnavailableException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }
}
