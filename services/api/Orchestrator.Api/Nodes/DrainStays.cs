using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Nodes;

/// <summary>Why tasks are still on a node that is being drained.</summary>
internal static class DrainStays
{
    /// <returns>By task id, of those that have not ended.</returns>
    public static async Task<IReadOnlyDictionary<string, string>> OfAsync(IReadOnlyList<TaskDocument> here, IServiceStore services, CancellationToken cancellation)
    {
        var found = await Task.WhenAll(here.Select(task => task.ServiceId).Distinct().Select(id => services.FindAsync(id, cancellation)));
        var reasons = found.OfType<ServiceDocument>().ToDictionary(service => service.Id, service => service.UnschedulableReasons);
        return here.Where(task => !TaskStates.IsFinal(task.State)).ToDictionary(task => task.Id, task => Of(task, reasons.GetValueOrDefault(task.ServiceId) ?? []));
    }

    private static string Of(TaskDocument task, IReadOnlyList<string> reasons) =>
        task.Desired == DesiredState.Stop ? "it is being stopped"
        : reasons.Count > 0 ? "no node takes its successor: " + string.Join("; ", reasons)
        : "until its successor is ready";
}
