using System.Globalization;

namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>Amounts for people.</summary>
internal static class Quantity
{
    public static string Cpus(long nanoCpus) => string.Create(CultureInfo.InvariantCulture, $"{nanoCpus / Demand.NanoCpusPerCpu:0.###} CPUs");

    public static string Memory(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.#} MiB");

    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0} %");
}
