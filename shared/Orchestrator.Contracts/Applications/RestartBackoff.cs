namespace Orchestrator.Contracts;

/// <summary>How long a slot waits between two attempts. The same whoever computes it: the scheduler, or an agent that is cut off from it.</summary>
public static class RestartBackoff
{
    /// <summary>A run of at least this long makes earlier failures forgotten.</summary>
    public static readonly TimeSpan CleanRun = TimeSpan.FromMinutes(10);

    /// <summary>The longest wait between two attempts, unless the policy's own delay is longer.</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(5);

    private const double JitterPart = 0.2;

    /// <summary>The first failure is followed at once; then the delay doubles, and up to a fifth is added so that slots that failed together do not come together.</summary>
    /// <param name="policy">The service's restart policy.</param>
    /// <param name="failures">Short runs in a row.</param>
    /// <param name="jitter">0 to 1, the same each time it is computed for the same failure.</param>
    public static TimeSpan Delay(RestartPolicy policy, int failures, double jitter)
    {
        if (failures <= 1)
        {
            return TimeSpan.Zero;
        }

        var most = Math.Max(MaxDelay.TotalSeconds, policy.DelaySeconds);
        var seconds = policy.DelaySeconds * Math.Pow(2, Math.Min(failures - 2, 30));
        var spread = JitterPart * jitter;

        // At the limit the jitter is taken off, so that it stays the limit.
        return TimeSpan.FromSeconds(seconds * (1 + spread) <= most ? seconds * (1 + spread) : Math.Max(policy.DelaySeconds, most * (1 - spread)));
    }

    /// <returns>0 to 1, from the id of the task that failed.</returns>
    public static double Jitter(string taskId)
    {
        const uint Offset = 2_166_136_261;
        const uint Prime = 16_777_619;
        return taskId.Aggregate(Offset, (hash, c) => (hash ^ c) * Prime) / (double)uint.MaxValue;
    }
}
