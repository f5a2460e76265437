namespace Orchestrator.NodeAgent.Domain.Tasks;

public static class EndedContainers
{
    /// <returns>Task ids of all but the newest <paramref name="kept"/> of each slot.</returns>
    public static IReadOnlyList<string> Superfluous(IEnumerable<EndedContainer> ended, int kept) =>
    [
        .. ended
            .GroupBy(container => (container.App, container.Service, container.Slot))
            .SelectMany(slot => slot
                .OrderByDescending(container => container.EndedAt)
                .ThenBy(container => container.TaskId, StringComparer.Ordinal)
                .Skip(kept))
            .Select(container => container.TaskId),
    ];
}
