using Orchestrator.State;

namespace Orchestrator.Scheduler.Plans;

/// <summary>Moves with every command that an application takes.</summary>
internal static class PlanIndex
{
    public static long Of(AppDocument? app) => app?.Taken ?? 0;
}
