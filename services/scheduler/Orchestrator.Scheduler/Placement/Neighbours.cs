using Orchestrator.State;

namespace Orchestrator.Scheduler.Placement;

/// <summary>The services of an application. Those that are asked for at the same time are read together.</summary>
internal sealed class Neighbours(IServiceStore services)
{
    private readonly Together<string, IReadOnlyList<ServiceDocument>> _ofApp = new(async (asked, cancellation) =>
    {
        var found = (await services.ListByAppsAsync([.. asked.Distinct()], cancellation)).ToLookup(service => service.App);
        return [.. asked.Select(app => (IReadOnlyList<ServiceDocument>)[.. found[app]])];
    });

    private readonly Together<bool, IReadOnlyList<ServiceDocument>> _keepingAway = Groups.OfOneAnswer(services.ListKeepingAwayAsync);

    /// <summary>By name.</summary>
    public Task<IReadOnlyList<ServiceDocument>> OfAppAsync(string app, CancellationToken cancellation) => _ofApp.AskAsync(app, cancellation);

    /// <inheritdoc cref="IServiceStore.ListKeepingAwayAsync"/>
    public Task<IReadOnlyList<ServiceDocument>> KeepingAwayAsync(CancellationToken cancellation) => _keepingAway.AskAsync(true, cancellation);
}
