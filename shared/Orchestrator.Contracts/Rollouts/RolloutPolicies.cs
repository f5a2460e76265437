namespace Orchestrator.Contracts;

/// <summary>Fills in what a spec leaves open about its rollouts, and corrects what cannot work as it is written.</summary>
public static class RolloutPolicies
{
    private const double EngineInterval = 30;
    private const int EngineRetries = 3;

    /// <param name="spec">A spec without errors in its policy.</param>
    /// <param name="isRollback">For going back to this spec.</param>
    public static RolloutPolicy Of(ServiceSpec spec, bool isRollback = false)
    {
        var config = (isRollback ? spec.Rollback : spec.Update) ?? new UpdateConfig();
        var extra = spec.Rollout ?? new RolloutSpec();
        var standard = new RolloutPolicy();
        var check = CheckSeconds(spec);
        var healthy = Math.Max(extra.HealthyDeadlineSeconds ?? standard.HealthyDeadlineSeconds, check);
        var progress = extra.ProgressDeadlineSeconds ?? Math.Max(standard.ProgressDeadlineSeconds, 2 * healthy);
        return new RolloutPolicy
        {
            Parallelism = config.Parallelism is { } parallelism ? FormattableString.Invariant($"{parallelism}") : standard.Parallelism,
            DelaySeconds = config.DelaySeconds ?? standard.DelaySeconds,
            Order = OrderOf(spec, config.Order, extra),
            FailureAction = config.FailureAction ?? (isRollback ? FailureAction.Pause : FailureAction.Rollback),
            MonitorSeconds = Math.Max(config.MonitorSeconds ?? standard.MonitorSeconds, check),
            MaxFailureRatio = config.MaxFailureRatio ?? standard.MaxFailureRatio,
            Canary = isRollback ? null : extra.Canary,
            Steps = isRollback ? [] : extra.Steps,
            AutoPromote = extra.AutoPromote ?? standard.AutoPromote,
            MinHealthySeconds = extra.MinHealthySeconds ?? standard.MinHealthySeconds,
            HealthyDeadlineSeconds = healthy,
            ProgressDeadlineSeconds = progress,
            MinAvailable = extra.MinAvailable,
            MaxSurge = extra.MaxSurge,
        };
    }

    /// <summary>How long its health check or its probes may take to tell that a container is bad; 0: it has none of its own.</summary>
    public static double CheckSeconds(ServiceSpec spec) => Math.Max(HealthcheckSeconds(spec), ProbeSeconds(spec.Probes?.Startup) + ProbeSeconds(spec.Probes?.Readiness));

    private static double ProbeSeconds(ProbeSpec? probe) =>
        probe is null ? 0 : probe.InitialDelaySeconds + (probe.PeriodSeconds * Math.Max(probe.FailureThreshold, probe.SuccessThreshold));

    private static double HealthcheckSeconds(ServiceSpec spec) =>
        spec.Container.Healthcheck is { Disabled: false, Test.Count: > 0 } check
            ? (check.StartPeriodSeconds ?? 0) + ((check.IntervalSeconds ?? EngineInterval) * (check.Retries ?? EngineRetries))
            : 0;

    /// <summary>Why two tasks of a slot can never run side by side; null: nothing forbids it.</summary>
    public static string? WhyStopFirst(ServiceSpec spec) =>
        spec.Ports.Any(port => port is { Mode: PortMode.Host, Published: not null }) ? "a fixed port of the node" : null;

    /// <summary>Why its updates stop a task before its successor starts; null: they start first.</summary>
    public static string? WhyItStopsFirst(ServiceSpec spec) => Of(spec).Order == UpdateOrder.StartFirst ? null
        : WhyStopFirst(spec)
            ?? (spec.Update?.Order is not null ? "as update_config says"
                : HasOwnVolume(spec) ? "a volume of its own"
                : KeepsToItself(spec) ? "its tasks keep away from one another"
                : "max_surge is 0");

    private static UpdateOrder OrderOf(ServiceSpec spec, UpdateOrder? written, RolloutSpec extra) =>
        WhyStopFirst(spec) is not null ? UpdateOrder.StopFirst
        : written ?? (HasOwnVolume(spec) || KeepsToItself(spec) || IsNothing(extra.MaxSurge) ? UpdateOrder.StopFirst : UpdateOrder.StartFirst);

    /// <summary>The new task may be refused the node of the old one.</summary>
    private static bool KeepsToItself(ServiceSpec spec) =>
        spec.Placement?.MaxReplicasPerNode is > 0
        || spec.Placement?.ServiceAffinities.Any(affinity => affinity is { Hard: true, Weight: < 0 } && affinity.Service == spec.Name) == true;

    /// <summary>Two tasks that write the same files spoil them; whoever knows better writes start-first.</summary>
    private static bool HasOwnVolume(ServiceSpec spec) =>
        spec.Container.Mounts.Any(mount => mount is { Type: MountType.Volume, ReadOnly: false, Source.Length: > 0 });

    internal static bool IsNothing(string? amount) => amount is "0" or "0%";
}
