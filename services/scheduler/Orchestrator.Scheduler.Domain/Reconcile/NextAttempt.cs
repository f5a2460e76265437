namespace Orchestrator.Scheduler.Domain.Reconcile;

/// <summary>When a slot may be tried again.</summary>
/// <param name="NotBefore">Null with <see cref="Ended"/>.</param>
/// <param name="Failures">Short runs in a row.</param>
/// <param name="Ended">The restart policy wants no further attempt.</param>
public sealed record NextAttempt(DateTimeOffset? NotBefore, int Failures, bool Ended)
{
    public static NextAttempt AtOnce { get; } = new(DateTimeOffset.MinValue, 0, Ended: false);
}
