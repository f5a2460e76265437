using Orchestrator.State;

namespace Orchestrator.Scheduler.Placement;

/// <summary>What is beside an application's services. What is asked for at the same time is read together.</summary>
internal sealed class Neighbours(IServiceStore services)
{
    private readonly Together<string, IReadOnlyList<ServiceDocument>> _beside = new(async (asked, cancellation) =>
    {
        var found = await services.ListBesideAsync([.. asked.Distinct()], cancellation);
        return [.. asked.Select(app => (IReadOnlyList<ServiceDocument>)[.. found.Where(service => service.App == app || service.KeepsAway.Count > 0)])];
    });

    /// <summary>The application's own services, and all that keep services of other applications away.</summary>
    public Task<IReadOnlyList<ServiceDocument>> BesideAsync(string app, CancellationToken cancellation) => _beside.AskAsync(app, cancellation);

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<ServiceDocument>> OfAppAsync(string app, CancellationToken cancellation) =>
        [.. (await BesideAsync(app, cancellation)).Where(service => service.App == app)];
}
