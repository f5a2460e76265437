namespace Orchestrator.Contracts;

/// <summary>Says what is wrong with a service's rollout policy, and what was corrected, each with the cure.</summary>
public static class RolloutRules
{
    private const double MaxSeconds = 86_400;

    public static IReadOnlyList<PolicyRemark> Check(ServiceSpec spec)
    {
        var remarks = new List<PolicyRemark>();
        remarks.AddRange(Config("update", spec.Update));
        remarks.AddRange(Config("rollback", spec.Rollback));
        if (spec.Rollback?.FailureAction == FailureAction.Rollback)
        {
            remarks.Add(Error("rollback.failureAction", "a rollback is not rolled back; write pause or continue"));
        }

        if (spec.Rollout is { } rollout)
        {
            remarks.AddRange(Amount("rollout.canary", rollout.Canary));
            remarks.AddRange(rollout.Steps.SelectMany((step, i) => Amount($"rollout.steps[{i}]", step)));
            remarks.AddRange(Amount("rollout.minAvailable", rollout.MinAvailable));
            remarks.AddRange(Amount("rollout.maxSurge", rollout.MaxSurge));
            remarks.AddRange(Seconds("rollout.minHealthySeconds", rollout.MinHealthySeconds));
            remarks.AddRange(Seconds("rollout.healthyDeadlineSeconds", rollout.HealthyDeadlineSeconds));
            remarks.AddRange(Seconds("rollout.progressDeadlineSeconds", rollout.ProgressDeadlineSeconds));
        }

        if (remarks.Count == 0)
        {
            remarks.AddRange(Together(spec, spec.Rollout ?? new RolloutSpec()));
        }

        return remarks;
    }

    private static IEnumerable<PolicyRemark> Together(ServiceSpec spec, RolloutSpec rollout)
    {
        var policy = RolloutPolicies.Of(spec);
        var written = spec.Update?.Order;
        var check = RolloutPolicies.CheckSeconds(spec);
        var keepsAll = rollout.MinAvailable is { } least && spec.Replicas > 0 && Amounts.Of(least, spec.Replicas, up: true) >= spec.Replicas;
        if (RolloutPolicies.WhyStopFirst(spec) is { } why && written == UpdateOrder.StartFirst)
        {
            yield return Warning("update.order", $"two tasks of a slot cannot run side by side because of {why}: stop-first is used");
        }

        if (RolloutPolicies.IsNothing(rollout.MaxSurge) && keepsAll)
        {
            yield return Error("rollout.maxSurge", "no task may come and none may go; raise max_surge, or lower min_available");
        }
        else if (RolloutPolicies.IsNothing(rollout.MaxSurge) && policy.Order == UpdateOrder.StartFirst)
        {
            yield return Error("rollout.maxSurge", "start-first needs room for one more task; write max_surge 1 or more, or order stop-first");
        }
        else if (policy.Order == UpdateOrder.StopFirst && keepsAll)
        {
            yield return Error("rollout.minAvailable", "stop-first takes a replica away before its successor is there; lower min_available, or write order start-first where no fixed port, volume or max_replicas_per_node forbids it");
        }

        if (rollout.Canary is not null && policy.Order == UpdateOrder.StopFirst)
        {
            yield return Error("rollout.canary", "a canary runs beside the old tasks, and stop-first does not let it; write order start-first, or remove the canary");
        }

        if (RolloutPolicies.IsNothing(rollout.Canary) || rollout.Steps.Any(RolloutPolicies.IsNothing))
        {
            yield return Error(RolloutPolicies.IsNothing(rollout.Canary) ? "rollout.canary" : "rollout.steps", "0 tasks show nothing; write 1 or more, or leave it out");
        }

        var steps = rollout.Steps.Select(step => Amounts.Of(step, Math.Max(1, spec.Replicas), up: true)).ToList();
        if (steps.Zip(steps.Skip(1)).Any(pair => pair.Second < pair.First))
        {
            yield return Error("rollout.steps", "each step must be larger than the one before; sort them");
        }

        if (rollout.AutoPromote is not null && rollout.Canary is null && rollout.Steps.Count == 0)
        {
            yield return Warning("rollout.autoPromote", "it has no effect without a canary or steps");
        }

        if (rollout.HealthyDeadlineSeconds < check)
        {
            yield return Error("rollout.healthyDeadlineSeconds", FormattableString.Invariant($"the health check alone may take {check:0.###} s (start_period + interval × retries); write more, or check more often"));
        }

        if (policy.ProgressDeadlineSeconds > 0 && policy.ProgressDeadlineSeconds < Math.Max(rollout.HealthyDeadlineSeconds ?? check, policy.MinHealthySeconds))
        {
            yield return Error("rollout.progressDeadlineSeconds", FormattableString.Invariant($"{policy.ProgressDeadlineSeconds:0.###} s are over before a task can be ready; write more than healthy_deadline, the health check and min_healthy_time"));
        }

        if (spec.Update?.MonitorSeconds < check || spec.Rollback?.MonitorSeconds < check)
        {
            yield return Warning("update.monitorSeconds", FormattableString.Invariant($"the health check may need {check:0.###} s to tell a bad container: it is raised to that"));
        }
    }

    private static IEnumerable<PolicyRemark> Config(string path, UpdateConfig? config)
    {
        if (config?.Parallelism < 0)
        {
            yield return Error($"{path}.parallelism", $"{config.Parallelism} tasks cannot be; write 1 or more, or 0 for all");
        }

        if (config?.MaxFailureRatio is < 0 or > 1 or double.NaN)
        {
            yield return Error($"{path}.maxFailureRatio", "write 0 to 1");
        }

        foreach (var remark in Seconds($"{path}.delaySeconds", config?.DelaySeconds).Concat(Seconds($"{path}.monitorSeconds", config?.MonitorSeconds)))
        {
            yield return remark;
        }
    }

    private static IEnumerable<PolicyRemark> Amount(string path, string? text) =>
        text is not null && Amounts.Fault(text) is { } fault ? [Error(path, fault)] : [];

    private static IEnumerable<PolicyRemark> Seconds(string path, double? seconds) =>
        seconds is < 0 or > MaxSeconds or double.NaN ? [Error(path, $"write 0 to {MaxSeconds}")] : [];

    private static PolicyRemark Error(string path, string text) => new(path, text, IsError: true);

    private static PolicyRemark Warning(string path, string text) => new(path, text, IsError: false);
}
