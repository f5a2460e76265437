namespace Orchestrator.NodeAgent.Join;

/// <summary>When the broker last took something of this node's.</summary>
internal sealed class ClusterContact(TimeProvider time)
{
    private long _at = time.GetTimestamp();

    public TimeSpan LostFor => time.GetElapsedTime(Volatile.Read(ref _at));

    public void Had() => Volatile.Write(ref _at, time.GetTimestamp());
}
