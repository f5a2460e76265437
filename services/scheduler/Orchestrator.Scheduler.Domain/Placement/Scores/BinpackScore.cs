namespace Orchestrator.Scheduler.Domain.Placement.Scores;

/// <summary>
/// How full the node is once the task is there: 20 − 10^freeCpu − 10^freeMemory, of 0…18 made 0…100. A node filled evenly scores
/// more than one filled in one dimension only.
/// </summary>
public static class BinpackScore
{
    private const double Ln10 = 2.302585092994046;
    private const double Top = 18;

    public static double Of(NodeState node, Demand demand) => Of(node, demand.NanoCpus, demand.MemoryBytes, 1);

    /// <param name="count">So many of them.</param>
    internal static double Of(NodeState node, long nanoCpus, long memoryBytes, int count) => Of(
        Free(node.AllocatableNanoCpus, node.UsedNanoCpus + (nanoCpus * count)),
        Free(node.AllocatableMemoryBytes, node.UsedMemoryBytes + (memoryBytes * count)));

    /// <param name="freeCpu">The share that stays free, 0…1.</param>
    /// <param name="freeMemory">The share that stays free, 0…1.</param>
    public static double Of(double freeCpu, double freeMemory) =>
        Math.Clamp((20 - Math.Exp(Ln10 * freeCpu) - Math.Exp(Ln10 * freeMemory)) / Top * 100, 0, 100);

    private static double Free(long all, long used) => all > 0 ? (double)(all - used) / all : 0;
}
