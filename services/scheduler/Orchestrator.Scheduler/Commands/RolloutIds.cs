using System.Globalization;

namespace Orchestrator.Scheduler.Commands;

internal static class RolloutIds
{
    public static string Of(string serviceId, int revision) => string.Create(CultureInfo.InvariantCulture, $"{serviceId}.{revision}");
}
