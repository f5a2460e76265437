using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>Named volumes whose data stand on the node where they are: the engine keeps them in a directory of its own.</summary>
public static class LocalVolumes
{
    /// <summary>
    /// Their names in the application, sorted. A driver or its options may keep data elsewhere, and who made an external volume knows where it is:
    /// these bind nobody. A global service has a volume on each of its nodes.
    /// </summary>
    public static IReadOnlyList<string> Of(ServiceSpec spec) => spec.Mode == ServiceMode.Global ? [] :
        [.. spec.Container.Mounts.Where(IsLocal).Select(mount => mount.Source).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static bool IsLocal(MountSpec mount) =>
        mount is { Type: MountType.Volume, Source.Length: > 0, Volume: null or { External: false, Driver: null or "" or "local", DriverOptions.Count: 0 } };
}
